/**
 * An alarm for a moment that moves with nearly everything that happens, and mostly to later. It is set anew only
 * for an earlier one: so it may ring too early, never too late, and whoever it rings for looks again.
 */

import type { Alarm, Clock } from "./ports.js";

export class LazyAlarm {
  private readonly alarm: Alarm;
  /** When it rings. */
  private at = Infinity;

  constructor(clock: Clock, ring: () => void) {
    this.alarm = clock.alarm(() => {
      this.at = Infinity;
      ring();
    });
  }

  /** Rings at this time or earlier, in milliseconds of the clock; `Infinity` changes nothing. */
  noLaterThan(at: number): void {
    if (at >= this.at) return;
    this.at = at;
    this.alarm.set(at);
  }

  clear(): void {
    this.at = Infinity;
    this.alarm.clear();
  }

  /** Whether the process shall stay alive for it; it doesn't unless told so. */
  keepAlive(wanted: boolean): void {
    this.alarm.keepAlive(wanted);
  }
}
