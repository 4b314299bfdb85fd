/** How much of the history is kept, as users say it: checked. */

import { inspect } from "node:util";
import { InvalidOptionError } from "../errors.js";
import type { Retention } from "../ports.js";
import { checkKeys, isPlainObject } from "./options.js";

/** How much of the history is kept: somewhat more than this says, for it always begins with a checkpoint. */
export interface HistoryRetention {
  /** At least the newest so many events are kept, as long as they are not too old. The default is that of the number alone. */
  readonly events?: number | undefined;
  /**
   * What is older goes, in milliseconds of log time, as soon as something happens and a checkpoint stands behind it: at most
   * a quarter of this time later, while something happens. At least 60,000; default: no limit.
   */
  readonly ageMs?: number | undefined;
}

/** The shortest age that can be asked for: the history gets a checkpoint in each quarter of it. */
export const MIN_AGE_MS = 60_000;

const OPTION = "historyRetention";

/**
 * @param defaultEvents where nothing is said
 * @param least the fewest events
 * @throws InvalidOptionError
 */
export function checkRetention(value: unknown, defaultEvents: number, least: number): Retention {
  if (!isPlainObject(value)) {
    return { events: checkEvents(OPTION, value ?? defaultEvents, least), ageMs: Infinity };
  }
  checkKeys(value, ["events", "ageMs"]);
  return {
    events: checkEvents(`${OPTION}.events`, value.events ?? defaultEvents, least),
    ageMs: checkAge(value.ageMs),
  };
}

function checkEvents(name: string, value: unknown, least: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
  const why = least > 0 ? " An empty history would look like one that was lost." : "";
  throw wrong(
    `${name} must be a whole number of events, from ${least} on, but is ${show(value)}.${why}`,
  );
}

function checkAge(value: unknown): number {
  if (value === undefined) return Infinity;
  if (typeof value === "number" && value >= MIN_AGE_MS && value <= Number.MAX_SAFE_INTEGER) {
    return Math.ceil(value);
  }
  throw wrong(
    `${OPTION}.ageMs must be a number of milliseconds, at least ${MIN_AGE_MS}, but is ${show(value)}.`,
  );
}

function wrong(message: string): InvalidOptionError {
  return new InvalidOptionError(OPTION, `${message} Leave it out for the default.`);
}

function show(value: unknown): string {
  return inspect(value, { depth: 1, breakLength: Infinity });
}
