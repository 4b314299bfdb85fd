/**
 * What runs or stands still as a whole: one life of an operating system's process. While it is
 * paused, nothing of it runs; when it goes on, first its timers ring, then what the network brought.
 */

import type { Timeline } from "../timeline.js";

export type HostState = "running" | "paused" | "dead";

/** Something that strikes in the middle of what a process does. */
interface Ambush {
  /** So many things that it does from now on. */
  actions: number;
  /** So many awaits into the last of them. */
  readonly awaits: number;
  readonly strike: () => void;
}

export class Host {
  private current: HostState = "running";
  private rung: (() => void)[] = [];
  private arrived: (() => void)[] = [];
  private ambushes: Ambush[] = [];

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

  /** Strikes after so many actions, when the last has come so many awaits far. */
  ambush(actions: number, awaits: number, strike: () => void): void {
    this.ambushes.push({ actions, awaits, strike });
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
    if (this.current === "paused") kept.push(action);
    if (this.current !== "running") return;
    action();
    if (this.ambushes.length > 0) this.spring();
  }

  private spring(): void {
    const due = this.ambushes.filter((ambush) => --ambush.actions <= 0);
    this.ambushes = this.ambushes.filter(({ actions }) => actions > 0);
    for (const { awaits, strike } of due) void afterAwaits(awaits, strike);
  }
}

async function afterAwaits(awaits: number, strike: () => void): Promise<void> {
  for (let count = 0; count < awaits; count++) await undefined;
  strike();
}
