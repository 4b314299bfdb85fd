/** What is asked of the history, as users say it: checked, and turned into what the log understands. */

import { inspect, types } from "node:util";
import { InvalidOptionError } from "../errors.js";
import { EVENT_TYPES } from "../history/check-event.js";
import type { Moment } from "../history/moment.js";
import type { VerifyOptions } from "../history/verify.js";
import type { EventQuery } from "../ports.js";
import { checkKeys, checkSignal, checkWhole } from "./options.js";

/** Which events are asked for: those that fit all that is given. */
export interface HistoryQuery extends Omit<EventQuery, "since" | "until"> {
  /** Not before this log time: a date, or milliseconds since the epoch. */
  readonly since?: number | Date | undefined;
  /** Not after this log time: a date, or milliseconds since the epoch. */
  readonly until?: number | Date | undefined;
}

/** The same for events as they happen. With a `limit`, it ends after so many. */
export interface WatchQuery extends Omit<HistoryQuery, "reverse"> {
  /**
   * Begins behind the event with this number (`seq`), so that nothing is missed between two watches; 0 begins with the
   * first that is kept. Default: with what happens from now on.
   */
  readonly after?: number | undefined;
  /** Ends it, without an error. */
  readonly signal?: AbortSignal | undefined;
}

/** The same of one semaphore. */
export type SemaphoreHistoryQuery = Omit<HistoryQuery, "semaphore">;
export type SemaphoreWatchQuery = Omit<WatchQuery, "semaphore">;

export interface CheckedWatch {
  readonly query: EventQuery;
  readonly after: number | undefined;
  readonly signal: AbortSignal | undefined;
}

const FILTERS = ["acquisition", "session", "types", "since", "until", "limit"];
const ANY = "Leave it out for all.";

/** @throws InvalidOptionError */
export function checkHistory(query: HistoryQuery, more: readonly string[] = []): EventQuery {
  checkKeys(query, [...more, ...FILTERS, "reverse"]);
  return checkFilters(query);
}

/** @throws InvalidOptionError */
export function checkWatch(query: WatchQuery, more: readonly string[] = []): CheckedWatch {
  checkKeys(query, [...more, ...FILTERS, "after", "signal"]);
  const { after, signal } = query;
  if (after !== undefined) checkWhole("after", after, "Pass the seq of the last event you have.");
  checkSignal(signal);
  return { query: checkFilters(query), after, signal };
}

/** @throws InvalidOptionError */
export function checkMoment(moment: Moment): Moment {
  checkKeys(moment, ["until", "untilSeq"]);
  return { until: checkTime("until", moment.until), untilSeq: moment.untilSeq };
}

/** @throws InvalidOptionError */
export function checkVerify(options: VerifyOptions): VerifyOptions {
  checkKeys(options, ["head", "decisions"]);
  const { head, decisions } = options;
  checkBoolean("decisions", decisions, "Pass false to compare no decisions.");
  if (head !== undefined && !isHash(head) && !isHash(Object(head).hash)) {
    throw wrong("head", "the hash of an entry, 64 hexadecimal digits", head, "Leave it out.");
  }
  return options;
}

function checkFilters(query: HistoryQuery): EventQuery {
  const { semaphore, acquisition, session, limit, reverse } = query;
  checkText("semaphore", semaphore);
  checkText("acquisition", acquisition);
  checkText("session", session);
  checkTypes(query.types);
  checkLimit(limit);
  checkBoolean("reverse", reverse, "Pass true for the newest first.");
  const [since, until] = [checkTime("since", query.since), checkTime("until", query.until)];
  return { semaphore, acquisition, session, types: query.types, since, until, limit, reverse };
}

function checkText(option: string, value: unknown): void {
  if (value === undefined || (typeof value === "string" && value !== "")) return;
  throw wrong(option, "a string that is not empty", value, ANY);
}

function checkTypes(wanted: unknown): void {
  if (wanted === undefined) return;
  const known = new Set<unknown>(EVENT_TYPES);
  if (Array.isArray(wanted) && wanted.every((type) => known.has(type))) return;
  throw wrong(
    "types",
    "a list of types of events",
    wanted,
    `There are: ${EVENT_TYPES.join(", ")}.`,
  );
}

function checkLimit(limit: unknown): void {
  if (limit === undefined || (Number.isSafeInteger(limit) && Number(limit) >= 1)) return;
  throw wrong("limit", "a whole number from 1 on", limit, ANY);
}

function checkBoolean(option: string, value: unknown, remedy: string): void {
  if (value === undefined || typeof value === "boolean") return;
  throw wrong(option, "true or false", value, remedy);
}

function checkTime(option: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const time = types.isDate(value) ? value.getTime() : value;
  if (typeof time === "number" && Number.isFinite(time)) return time;
  throw wrong(option, "a date, or milliseconds since the epoch", value, ANY);
}

function isHash(value: unknown): boolean {
  return typeof value === "string" && /^([0-9a-f]{64})?$/.test(value);
}

function wrong(option: string, wanted: string, value: unknown, remedy: string): InvalidOptionError {
  const shown = inspect(value, { depth: 1, breakLength: Infinity });
  return new InvalidOptionError(option, `${option} must be ${wanted}, but is ${shown}. ${remedy}`);
}
