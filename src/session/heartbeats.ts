/**
 * Keeps the heart of a session beating while it owns something that needs it: one beat for all,
 * three times within the shortest interval.
 */

import type { Alarm, Clock } from "../ports.js";

const BEATS_PER_INTERVAL = 3;

export class Heartbeats {
  /** How many live acquisitions have which interval. */
  private readonly intervals = new Map<number, number>();
  private readonly alarm: Alarm;
  private nextAt = Infinity;

  constructor(
    private readonly clock: Clock,
    beat: () => void,
  ) {
    this.alarm = clock.alarm(() => {
      this.nextAt = Infinity;
      if (this.intervals.size === 0) return;
      beat();
      this.schedule();
    });
  }

  watch(intervalMs: number): void {
    this.intervals.set(intervalMs, (this.intervals.get(intervalMs) ?? 0) + 1);
    this.schedule();
  }

  unwatch(intervalMs: number): void {
    const count = (this.intervals.get(intervalMs) ?? 0) - 1;
    if (count > 0) this.intervals.set(intervalMs, count);
    else this.intervals.delete(intervalMs);
    if (this.intervals.size === 0) this.stop();
  }

  stop(): void {
    this.intervals.clear();
    this.alarm.clear();
    this.nextAt = Infinity;
  }

  private schedule(): void {
    let shortestMs = Infinity;
    for (const intervalMs of this.intervals.keys()) shortestMs = Math.min(shortestMs, intervalMs);
    const at = this.clock.now() + Math.floor(shortestMs / BEATS_PER_INTERVAL);
    if (at >= this.nextAt) return;
    this.nextAt = at;
    this.alarm.set(at);
  }
}
