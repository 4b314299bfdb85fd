/**
 * The order of the log and its time, as the events tell it: no gap, never back, and no jump that is
 * longer than the way. All other deadlines of the witness are kept in the steady time that this gives.
 */

import { duration } from "../describe.js";
import type { Event, RestartedEvent } from "../event.js";
import { check, type Line } from "./check.js";

export class WitnessedTime {
  private at = 0;
  private shiftMs = 0;
  private seq = 0;
  private pausedUntil = 0;

  /** Steady time: log time without the jumps in it. */
  get now(): number {
    return this.at - this.shiftMs;
  }

  /** Nothing may be granted. */
  get isPaused(): boolean {
    return this.now < this.pausedUntil;
  }

  /** Log time at which grants go on. */
  get pauseEnd(): number {
    return this.logTime(this.pausedUntil);
  }

  logTime(steady: number): number {
    return steady + this.shiftMs;
  }

  /** The next event of all. */
  follow(event: Event, line: Line): void {
    check(8, event.at >= this.at, () => `${line()}: log time went back from ${this.at}`);
    check(10, event.seq === this.seq + 1, () => `${line()}: a gap after #${this.seq}`);
    if (event.type === "rebased") {
      const passedMs = event.at - this.at;
      const isJump = event.byMs >= 0 && event.byMs <= passedMs;
      check(8, isJump, () => `${line()} of ${duration(passedMs)}`);
      this.shiftMs += event.byMs;
    }
    this.at = event.at;
    this.seq = event.seq;
  }

  restarted(event: RestartedEvent, line: Line): void {
    const end = event.pausedUntil - this.shiftMs;
    const least = Math.max(this.now, this.pausedUntil);
    check(1, end >= least, () => `${line()}: grants paused until ${this.logTime(least)}`);
    this.pausedUntil = end;
  }
}
