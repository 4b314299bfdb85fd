/** Plays the past: moves the moment along log time, and does not wait in long pauses of the log. */

import { firstWhere } from "../model/search.js";
import type { Timeline } from "../model/timeline.js";

export const SPEEDS = [0.25, 1, 4, 16, 64];

/** A longer pause of the log is cut to this, in the player's time. */
const LONGEST_PAUSE_MS = 1_500;

export class Player {
  speed = 1;
  isPlaying = false;
  /** Log time that it has come to. */
  private at = 0;
  private last = 0;

  start(at: number, now: number): void {
    this.isPlaying = true;
    this.at = at;
    this.last = now;
  }

  stop(): void {
    this.isPlaying = false;
  }

  /** `seq` of the event to show now, having shown that after `seq`; `undefined` at the end of all. */
  next(timeline: Timeline, seq: number, now: number): number | undefined {
    const following = timeline.eventAt(seq + 1);
    if (following === undefined) return undefined;
    this.at += Math.min(now - this.last, 100) * this.speed;
    this.last = now;
    this.at = Math.max(this.at, following.at - LONGEST_PAUSE_MS * this.speed);
    const later = firstWhere(timeline.events, ({ at }) => at > this.at);
    return Math.max(seq, timeline.start + later);
  }
}
