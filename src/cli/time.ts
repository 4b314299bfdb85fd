/** Moments as people write them in options (`10m`, `2026-11-23T03:12`), and as they are shown. */

import { InvalidArgumentError, Option } from "commander";
import { parseDuration } from "./duration.js";

/** A moment, or so many milliseconds before now. */
export type Time = { readonly at: number } | { readonly ago: number };

/** For the help of all commands that have such options. */
export const TIMES_HELP = `Times are dates like 2026-11-23T03:12:30Z (without a zone they are UTC, as what
is shown), milliseconds since the epoch, or a time ago (90s, 10m, 2h): before
now or, in a file, before it was exported. What happened at that moment is
included.`;

const DATE =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:?\d\d)?)?$/i;

export function timeFlag(flags: string, description: string): Option {
  return new Option(flags, description).argParser(parseTime);
}

/** For commander's options. @throws InvalidArgumentError */
export function parseTime(text: string): Time {
  if (/^\d+$/.test(text)) return { at: Number(text) };
  const at = dateOf(text);
  if (at !== undefined) return { at };
  try {
    return { ago: parseDuration(text) };
  } catch {
    throw new InvalidArgumentError(
      "It must be a date like 2026-11-23T03:12Z, milliseconds since the epoch, or a time ago like 10m.",
    );
  }
}

/** @param now log time of which "ago" speaks */
export function momentOf(time: Time | undefined, now: number): number | undefined {
  if (time === undefined) return undefined;
  return "at" in time ? time.at : now - time.ago;
}

/** E.g. `2026-11-23T03:12:00.123Z`; as milliseconds where no calendar reaches. */
export function showTime(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? `${at} ms` : date.toISOString();
}

function dateOf(text: string): number | undefined {
  const [found, year, month, day, time = "00:00", zone = "Z"] = DATE.exec(text) ?? [];
  if (found === undefined) return undefined;
  const midnight = new Date(`${year}-${month}-${day}T00:00Z`);
  // What is no day of that month would be taken for one of the next.
  if (Number.isNaN(midnight.getTime()) || midnight.getUTCDate() !== Number(day)) return undefined;
  const at = Date.parse(`${year}-${month}-${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(at) ? undefined : at;
}
