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
  /** All may have been lost since, and begun anew at an earlier time. */
  private isDoubtful = false;

  constructor(private readonly clock: Clock) {}

  /** An entry that was written just now has this time. It may stand far behind log time, after the server's clock was set back. */
  wrote(logTime: number): void {
    this.sample(Math.max(logTime, this.sampledTime), logTime);
  }

  /** A report that came just now says this time, or somewhat less. */
  reported(logTime: number): void {
    this.isDoubtful = false;
    this.sample(logTime, logTime);
  }

  /** At some moment since then, log time was this. Only this tells how late it can be at most. */
  answered(sentAt: number, logTime: number): void {
    this.logClock.observe(sentAt, logTime, this.clock.now());
  }

  /** The log knows a session no more: a report must tell what time it is there, before another one is born. */
  doubt(): void {
    this.isDoubtful = true;
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

  get isRecent(): boolean {
    return !this.isDoubtful && this.clock.now() - this.sampledAt <= FRESH_MS;
  }

  /** @param time for the birth of a session. */
  private sample(time: number, logTime: number): void {
    const now = this.clock.now();
    this.sampledAt = now;
    this.sampledTime = time;
    // Log time never goes back: who lost the stream writes entries that are not read.
    if (logTime < this.latestTime) return;
    this.latestTime = logTime;
    this.logClock.observeAtLeast(logTime, now);
  }
}
