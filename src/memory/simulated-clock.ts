/**
 * A clock that stands still until it is told to go on: for tests that must not wait.
 * Alarms ring in order of their time, while the clock shows that time.
 */

import type { Alarm, Clock } from "../ports.js";

export class SimulatedClock implements Clock {
  private time: number;
  private readonly alarms = new Set<SimulatedAlarm>();

  /** @param startAt what `now()` says at first, in milliseconds. */
  constructor(startAt = 0) {
    this.time = startAt;
  }

  now(): number {
    return Math.floor(this.time);
  }

  alarm(ring: () => void): Alarm {
    return new SimulatedAlarm(ring, this.alarms);
  }

  /** Lets `ms` milliseconds pass, and with them all that falls due. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`time cannot advance by ${ms} ms`);
    const end = this.time + ms;
    for (let next = this.first(); next && next.at <= end; next = this.first()) {
      this.time = Math.max(this.time, next.at);
      next.fire();
    }
    this.time = Math.max(this.time, end);
  }

  private first(): SimulatedAlarm | undefined {
    let first: SimulatedAlarm | undefined;
    for (const alarm of this.alarms) if (first === undefined || alarm.at < first.at) first = alarm;
    return first;
  }
}

class SimulatedAlarm implements Alarm {
  at = Infinity;

  constructor(
    private readonly ring: () => void,
    private readonly pending: Set<SimulatedAlarm>,
  ) {}

  set(at: number): void {
    this.at = at;
    this.pending.delete(this);
    this.pending.add(this);
  }

  clear(): void {
    this.pending.delete(this);
  }

  keepAlive(): void {
    // Simulated time keeps no process alive.
  }

  fire(): void {
    this.pending.delete(this);
    this.ring();
  }
}
