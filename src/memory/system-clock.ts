/** The clock of this process: starts at the system's time and then only counts forward. */

import { performance } from "node:perf_hooks";
import type { Alarm, Clock } from "../ports.js";

/** `setTimeout` fires at once beyond this. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

const origin = performance.timeOrigin;

export const systemClock: Clock = {
  now: () => Math.floor(origin + performance.now()),
  precise: () => performance.now(),
  alarm: (ring) => new TimeoutAlarm(ring),
};

class TimeoutAlarm implements Alarm {
  private timer: NodeJS.Timeout | undefined = undefined;
  private at = Infinity;
  private keepsAlive = false;

  constructor(private readonly ring: () => void) {}

  set(at: number): void {
    this.clear();
    this.at = at;
    const ms = Math.min(Math.max(at - systemClock.now(), 0), LONGEST_TIMEOUT_MS);
    this.timer = setTimeout(() => this.fire(), ms);
    if (!this.keepsAlive) this.timer.unref();
  }

  clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.at = Infinity;
  }

  keepAlive(wanted: boolean): void {
    if (wanted === this.keepsAlive) return;
    this.keepsAlive = wanted;
    if (wanted) this.timer?.ref();
    else this.timer?.unref();
  }

  /** Timers may fire a moment early, and long waits come in parts. */
  private fire(): void {
    this.timer = undefined;
    if (systemClock.now() < this.at) this.set(this.at);
    else this.ring();
  }
}
