/**
 * What the parts need from the world outside. Shaped by that need; the adapters (memory, Redis,
 * the simulated clock of tests) fit themselves to it.
 */

import type { SessionCommand } from "./core/command.js";
import type { Event } from "./core/event.js";
import type { Holder, SemaphoreStats, StatsQuery, Waiter } from "./core/views.js";

/** Time, in whole milliseconds since the epoch. It never goes back. */
export interface Clock {
  now(): number;
  /** A timer that can be set again and again. */
  alarm(ring: () => void): Alarm;
}

/** One timer. It rings once, at the time that it was last set to or somewhat later. */
export interface Alarm {
  set(at: number): void;
  clear(): void;
  /** Whether the process shall stay alive for it; it doesn't unless told so. */
  keepAlive(wanted: boolean): void;
}

/** Makes short strings that nobody else makes. */
export type Ids = () => string;

/** Where a session's commands go: each taken once, in order, and answered by an event. */
export interface CommandLog {
  /** From now on the inbox gets the events of the session. Comes before its first command. */
  join(session: string, inbox: Inbox): void;
  append(command: SessionCommand): void;
}

/** Where a session gets its events, in order. */
export interface Inbox {
  receive(event: Event): void;
  /**
   * The session is not known: it was idle for a minute, or it spoke before the log could be reached.
   * What was not answered was not applied, and must be asked again, under a new name.
   */
  forgotten(unanswered: readonly SessionCommand[]): void;
  /** Nobody will ever answer what was asked so far. What is asked from now on comes under a new name. */
  broken(reason: Error): void;
}

/** Which events are asked for: those that fit all that is given. */
export interface EventQuery {
  /** Events of this semaphore. */
  readonly semaphore?: string | undefined;
  /** Events of this acquisition. */
  readonly acquisition?: string | undefined;
}

/** What can be asked without changing anything. */
export interface Views {
  stats(query: StatsQuery): Promise<[string, SemaphoreStats][]>;
  locked(semaphore: string): Promise<boolean>;
  holders(semaphore: string): Promise<Holder[]>;
  waiters(semaphore: string): Promise<Waiter[]>;
  events(query: EventQuery): AsyncIterable<Event>;
}
