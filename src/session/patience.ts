/** How long somebody who waits for a distant log believes that nothing is wrong: longer each time that he looked. */

import { LazyAlarm } from "../lazy-alarm.js";
import type { Clock } from "../ports.js";

/** What was asked should be answered within so many milliseconds. */
const FIRST_MS = 250;
const LONGEST_MS = 5_000;

export class Patience {
  private readonly alarm: LazyAlarm;
  private lookAt = Infinity;
  private ms = FIRST_MS;
  /** When something came, or was looked for. */
  private since: number;

  constructor(
    private readonly clock: Clock,
    private readonly look: () => void,
  ) {
    this.since = clock.now();
    this.alarm = new LazyAlarm(clock, () => this.ring());
  }

  /** Something came: all is well. */
  renew(): void {
    this.since = this.clock.now();
    this.ms = FIRST_MS;
    this.lookAt = Infinity;
  }

  /** An answer is expected to what was asked then. */
  expect(askedAt = this.since): void {
    this.awaitUntil(Math.max(this.since, askedAt) + this.ms);
  }

  /** Nothing is expected, but something may come. */
  expectMore(): void {
    this.awaitUntil(this.since + LONGEST_MS);
  }

  private awaitUntil(at: number): void {
    this.lookAt = at;
    this.alarm.noLaterThan(at);
  }

  private ring(): void {
    const now = this.clock.now();
    if (now < this.lookAt) {
      this.alarm.noLaterThan(this.lookAt);
      return;
    }
    this.since = now;
    this.ms = Math.min(2 * this.ms, LONGEST_MS);
    this.lookAt = Infinity;
    this.look();
  }
}
