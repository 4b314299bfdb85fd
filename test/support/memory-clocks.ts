/** Clocks whose alarms ring otherwise than they should: processes that are stuck, busy or asleep. */

import type { Alarm, Clock } from "../../src/ports.js";

/** Shows the time of another clock, but its alarms never ring: who lives by it falls silent. */
export function deaf(clock: Clock): Clock {
  const alarm = { set: () => {}, clear: () => {}, keepAlive: () => {} };
  return { now: () => clock.now(), alarm: () => alarm };
}

/** The clock of a process that may end: then its alarms ring no more. */
export class MortalClock implements Clock {
  private hasEnded = false;

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  alarm(ring: () => void): Alarm {
    return this.clock.alarm(() => {
      if (!this.hasEnded) ring();
    });
  }

  end(): void {
    this.hasEnded = true;
  }
}

/** Time passes without that alarms ring, as in a process that computes or sleeps; `wake` rings what is due. */
export class SleepyClock implements Clock {
  private time = 0;
  private readonly due = new Map<() => void, number>();

  now(): number {
    return this.time;
  }

  alarm(ring: () => void): Alarm {
    return {
      set: (at) => this.due.set(ring, at),
      clear: () => this.due.delete(ring),
      keepAlive: () => {},
    };
  }

  sleep(ms: number): void {
    this.time += ms;
  }

  /** Rings what is due now, the latest first if told so: timers that are late keep no order. */
  wake({ backwards = false } = {}): void {
    const late = [...this.due].filter(([, at]) => at <= this.time).sort(([, a], [, b]) => a - b);
    if (backwards) late.reverse();
    for (const [ring] of late) {
      this.due.delete(ring);
      ring();
    }
  }
}
