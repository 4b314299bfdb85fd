/** What a link knows of the time of a distant log, from each answer that it got. */

import { LogClock } from "../core/log-clock.js";
import type { Clock } from "../ports.js";

/** A session that nobody knows yet must not be older, in milliseconds, when it is first heard. */
const YOUNG_MS = 50_000;
/** For so long a look at the log's clock is good enough to name a session by. */
const FRESH_MS = 10_000;

export class LogTimes {
  readonly logClock = new LogClock();
  /** When the log's clock was last looked at, in local time. */
  private sampledAt = -Infinity;
  /** What it said then, and the latest that it ever said. */
  private sampledTime = 0;
  private latestTime = 0;

  constructor(private readonly clock: Clock) {}

  /** An entry that was sent then has this time, or the log's time was somewhat more. */
  wrote(sentAt: number, logTime: number, orMore: boolean): void {
    // It may stand behind log time, after the stream was deleted: no session is born there.
    this.sampledTime = Math.max(logTime, this.sampledTime);
    this.sample(sentAt, logTime, orMore);
  }

  /** Log time was this or somewhat more, as a report says that was asked for then. */
  reported(sentAt: number, logTime: number): void {
    this.sampledTime = logTime;
    this.sample(sentAt, logTime, true);
  }

  /** At some moment since then, log time was this: exact also where the log's clock and its entries stand still. */
  answered(sentAt: number, logTime: number): void {
    this.logClock.observe(sentAt, logTime, this.clock.now());
  }

  /** Log time for the birth of a session; our own time as long as the log was never reached. */
  birth(): number {
    return this.sampledAt > -Infinity ? this.sampledTime : this.clock.now();
  }

  /** The log will believe that the session was born when its name says so. */
  isYoung(session: string): boolean {
    const ageMs = this.sampledTime - Number.parseInt(session, 10);
    return ageMs >= 0 && ageMs < YOUNG_MS;
  }

  get isFresh(): boolean {
    return this.clock.now() - this.sampledAt <= FRESH_MS;
  }

  private sample(sentAt: number, logTime: number, orMore: boolean): void {
    const now = this.clock.now();
    this.sampledAt = now;
    // Log time never goes back: who lost the stream writes entries that are not read.
    if (logTime < this.latestTime) return;
    this.latestTime = logTime;
    this.logClock.observe(sentAt, logTime, now, orMore);
  }
}
