/** What a session must know of a log that is elsewhere: it may not answer, and its time is not ours. */

import type { LogClock } from "../core/log-clock.js";

export interface Distant {
  readonly logClock: LogClock;
  /** How long a question may stay unanswered, in milliseconds. */
  readonly responseTimeoutMs: number;
  /** Why the log cannot be reached, or nobody decides, while that is so. */
  readonly lastFailure: Error | undefined;
  /** The log can be reached, but nobody decides, as it said when it was last asked. */
  readonly isUnled: boolean;
  /** Something was asked that is not in the log yet. */
  readonly isBehind: boolean;
  /** Log time for the birth of a session; our own time as long as the log was never reached. */
  birth(): number;
  /** Comes once, and first. */
  attend(attendant: Attendant): void;
  /** Whether somebody waits for the log. */
  keepAlive(wanted: boolean): void;
}

/** Whoever must know how the log is reached. */
export interface Attendant {
  /** The log knows that the session lived at this local time. */
  confirmed(sentAt: number): void;
  /** The log can be reached (again). */
  reached(): void;
  /** It was told much, and the log keeps that until the session says anything. */
  mustSpeak(): void;
}
