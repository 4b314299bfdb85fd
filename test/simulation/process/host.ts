/**
 * What runs or stands still as a whole: one life of an operating system's process. While it is
 * paused, nothing of it runs; when it goes on, first its timers ring, then what the network brought.
 */

import type { Alarm, Clock } from "../../../src/ports.js";
import type { Random } from "../random.js";
import type { Appointment, Timeline } from "../timeline.js";

export type HostState = "running" | "paused" | "dead";

export class Host {
  private current: HostState = "running";
  private rung: (() => void)[] = [];
  private arrived: (() => void)[] = [];

  constructor(
    readonly name: string,
    readonly timeline: Timeline,
  ) {}

  get state(): HostState {
    return this.current;
  }

  /** A timer of it is due. */
  ring(action: () => void): void {
    this.runOrKeep(action, this.rung);
  }

  /** The network brings something. */
  deliver(action: () => void): void {
    this.runOrKeep(action, this.arrived);
  }

  pause(): void {
    if (this.current === "running") this.current = "paused";
  }

  resume(): void {
    if (this.current !== "paused") return;
    this.current = "running";
    const kept = [...this.rung, ...this.arrived];
    this.rung = [];
    this.arrived = [];
    // One after the other, each with what its promises cause, as an event loop would.
    for (const action of kept) this.timeline.after(0, () => this.deliver(action));
  }

  kill(): void {
    this.current = "dead";
    this.rung = [];
    this.arrived = [];
  }

  private runOrKeep(action: () => void, kept: (() => void)[]): void {
    if (this.current === "running") action();
    else if (this.current === "paused") kept.push(action);
  }
}

/** The monotonic clock of a process: it begins anywhere and goes at a rate of its own. */
export class ProcessClock implements Clock {
  constructor(
    private readonly host: Host,
    private readonly random: Random,
    private readonly offsetMs: number,
    private readonly rate: number,
  ) {}

  now(): number {
    return Math.floor(this.offsetMs + this.rate * this.host.timeline.now);
  }

  alarm(ring: () => void): Alarm {
    return new ProcessAlarm(this.host, (at) => this.trueTimeOf(at) + this.random.next(), ring);
  }

  /** The first moment at which `now()` says so. */
  private trueTimeOf(local: number): number {
    return (local - this.offsetMs) / this.rate + 1e-6;
  }
}

class ProcessAlarm implements Alarm {
  private appointment: Appointment | undefined = undefined;
  private settings = 0;

  constructor(
    private readonly host: Host,
    private readonly trueTimeOf: (at: number) => number,
    private readonly onRing: () => void,
  ) {}

  set(at: number): void {
    this.clear();
    if (!(at < Infinity)) return;
    const setting = this.settings;
    const ring = () => {
      if (setting === this.settings) this.onRing();
    };
    this.appointment = this.host.timeline.at(this.trueTimeOf(at), () => this.host.ring(ring));
  }

  clear(): void {
    this.settings++;
    this.appointment?.cancel();
    this.appointment = undefined;
  }

  keepAlive(): void {
    // Simulated processes end when the world wants it.
  }
}
