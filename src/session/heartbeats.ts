/**
 * Keeps the heart of a session beating while it owns something that needs it: one beat for all,
 * three times within the shortest interval.
 */

import type { Alarm, Clock } from "../ports.js";

const BEATS_PER_INTERVAL = 3;
/** An event loop that was blocked for so long, in milliseconds, is worth a warning; for long intervals, one of their thirds. */
const BLOCKED_MS = 1_000;

export interface Heart {
  /** `false` if it need not: something else will do for a heartbeat. What comes `late` must be sent in any case. */
  beat(isLate: boolean): boolean;
  /** The event loop was blocked for so long. */
  late(ms: number): void;
  /** When the session was last heard, in local time, as far as is known. */
  readonly heardAt: number;
}

export class Heartbeats {
  /** How many live acquisitions have which interval. */
  private readonly intervals = new Map<number, number>();
  private readonly alarm: Alarm;
  private nextAt = Infinity;
  private beatenAt = -Infinity;

  constructor(
    private readonly clock: Clock,
    private readonly heart: Heart,
  ) {
    this.alarm = clock.alarm(() => this.ring());
  }

  watch(intervalMs: number): void {
    this.intervals.set(intervalMs, (this.intervals.get(intervalMs) ?? 0) + 1);
    this.schedule(this.clock.now());
  }

  unwatch(intervalMs: number): void {
    const count = (this.intervals.get(intervalMs) ?? 0) - 1;
    if (count > 0) this.intervals.set(intervalMs, count);
    else this.intervals.delete(intervalMs);
    if (this.intervals.size === 0) this.stop();
  }

  /** Beats now if that is due: earlier beats may not have been heard. */
  catchUp(): void {
    if (this.intervals.size === 0) return;
    const now = this.clock.now();
    if (Math.max(this.heart.heardAt, this.beatenAt) + this.beatMs() <= now) this.beat(now, true);
  }

  stop(): void {
    this.intervals.clear();
    this.alarm.clear();
    this.nextAt = Infinity;
  }

  private ring(): void {
    const now = this.clock.now();
    const lateMs = now - this.nextAt;
    this.nextAt = Infinity;
    if (this.intervals.size === 0) return;
    const beatMs = this.beatMs();
    if (lateMs > Math.max(BLOCKED_MS, beatMs)) this.heart.late(lateMs);
    const { heardAt } = this.heart;
    // Whatever was heard of the session since the last beat did for this one.
    if (heardAt + beatMs > now) {
      this.schedule(heardAt);
    } else {
      this.beat(now, false);
      this.schedule(now);
    }
  }

  private beat(now: number, isLate: boolean): void {
    if (this.heart.beat(isLate)) this.beatenAt = now;
  }

  private schedule(from: number): void {
    const at = from + this.beatMs();
    if (at >= this.nextAt) return;
    this.nextAt = at;
    this.alarm.set(at);
  }

  private beatMs(): number {
    let shortestMs = Infinity;
    for (const intervalMs of this.intervals.keys()) shortestMs = Math.min(shortestMs, intervalMs);
    return Math.floor(shortestMs / BEATS_PER_INTERVAL);
  }
}
