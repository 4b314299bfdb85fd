/**
 * A worker's view of the main thread's clock. Each thread counts from an origin of its own, taken
 * from the system's time when it started; what they share is the monotonic clock of the process.
 */

import type { Alarm, Clock } from "../../ports.js";

/** Both clocks, read at the same moment in the main thread; `now` first, so that it is never ahead. */
export interface TimeReference {
  readonly now: number;
  readonly monotonicMs: number;
}

/** The same in all threads of a process, unlike `performance.now()`. */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

export class RemoteClock implements Clock {
  private reference: TimeReference | undefined = undefined;

  /** @param own what it shows until it is aligned, and what lets its alarms ring. */
  constructor(
    private readonly own: Clock,
    private readonly monotonic: () => number,
  ) {}

  /** From now on it shows the main thread's time, less than a millisecond behind and never ahead. */
  align(reference: TimeReference): void {
    this.reference = reference;
  }

  now(): number {
    if (this.reference === undefined) return this.own.now();
    return this.reference.now + Math.floor(this.monotonic() - this.reference.monotonicMs);
  }

  precise(): number {
    return this.monotonic();
  }

  alarm(ring: () => void): Alarm {
    const alarm = this.own.alarm(ring);
    return {
      // One more, since both clocks cut off fractions and an alarm must not ring early.
      set: (at) => alarm.set(this.own.now() + (at - this.now()) + 1),
      clear: () => alarm.clear(),
      keepAlive: (wanted) => alarm.keepAlive(wanted),
    };
  }
}
