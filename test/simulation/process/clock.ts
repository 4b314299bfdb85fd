/**
 * The monotonic clock of a process: it begins anywhere and goes at a rate of its own. Now and then it
 * goes wrong: jumps ahead, stands still, is much too fast or slow. It never goes back.
 */

import type { Alarm, Clock } from "../../../src/ports.js";
import type { Random } from "../random.js";
import type { Appointment } from "../timeline.js";
import type { Host } from "./host.js";

/** Rates that differ from true time by no more are as they should be. */
const DRIFT = 0.01;
/** What a process did in this time, it may have done by a clock that has jumped meanwhile. */
const JUST_MS = 2000;

export class ProcessClock implements Clock {
  private readonly alarms = new Set<ProcessAlarm>();
  /** Since this true time it has gone at this rate. */
  private since = 0;
  private rate: number;
  /** What it showed then. */
  private shown: number;
  /** How much less it has counted than a slow clock may, by then. */
  private lost = 0;
  private jumpedAt = -Infinity;

  constructor(
    private readonly host: Host,
    private readonly random: Random,
    offsetMs: number,
    private readonly usualRate: number,
  ) {
    this.shown = offsetMs;
    this.rate = usualRate;
  }

  now(): number {
    this.host.timeline.look();
    return Math.floor(this.precisely());
  }

  alarm(ring: () => void): Alarm {
    return new ProcessAlarm(this.host, this, this.random, ring);
  }

  /** How many milliseconds it has counted too few, beyond the drift that is allowed. */
  get lostMs(): number {
    const lostNow = Math.max(0, 1 - DRIFT - this.rate) * (this.trueNow - this.since);
    return this.lost + lostNow;
  }

  /** It is not as it should be, or was not just now. */
  get isWrong(): boolean {
    const isOff = this.rate < 1 - DRIFT || this.rate > 1 + DRIFT;
    return isOff || this.trueNow - this.jumpedAt < JUST_MS;
  }

  jump(ms: number): void {
    this.jumpedAt = this.trueNow;
    this.settle(this.rate, ms);
  }

  /** From now on; 0 lets it stand still. */
  go(rate = this.usualRate): void {
    this.settle(rate, 0);
  }

  /** The first moment at which `now()` says so. */
  trueTimeOf(local: number): number {
    if (this.rate === 0) return Infinity;
    return this.since + (local - this.shown) / this.rate + 1e-6;
  }

  setAlarm(alarm: ProcessAlarm, isSet: boolean): void {
    if (isSet) this.alarms.add(alarm);
    else this.alarms.delete(alarm);
  }

  private get trueNow(): number {
    return this.host.timeline.now;
  }

  private precisely(): number {
    return this.shown + this.rate * (this.trueNow - this.since);
  }

  private settle(rate: number, jumpMs: number): void {
    this.lost = this.lostMs;
    this.shown = this.precisely() + jumpMs;
    this.since = this.trueNow;
    this.rate = rate;
    for (const alarm of this.alarms) alarm.schedule();
  }
}

class ProcessAlarm implements Alarm {
  private appointment: Appointment | undefined = undefined;
  private settings = 0;
  private at = Infinity;
  private lateMs = 0;

  constructor(
    private readonly host: Host,
    private readonly clock: ProcessClock,
    private readonly random: Random,
    private readonly onRing: () => void,
  ) {}

  set(at: number): void {
    this.clear();
    if (!(at < Infinity)) return;
    this.at = at;
    this.lateMs = this.random.next();
    this.clock.setAlarm(this, true);
    this.schedule();
  }

  clear(): void {
    this.settings++;
    this.appointment?.cancel();
    this.appointment = undefined;
    this.clock.setAlarm(this, false);
  }

  /** By the clock as it goes now. */
  schedule(): void {
    this.appointment?.cancel();
    const at = this.clock.trueTimeOf(this.at);
    if (!(at < Infinity)) return;
    const setting = this.settings;
    this.appointment = this.host.timeline.at(at + this.lateMs, () => {
      this.clock.setAlarm(this, false);
      this.host.ring(() => {
        if (setting === this.settings) this.onRing();
      });
    });
  }

  keepAlive(): void {
    // Simulated processes end when the world wants it.
  }
}
