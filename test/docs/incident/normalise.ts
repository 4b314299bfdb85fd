/**
 * What differs from one run of the incident to the next: told as if it had happened at a quarter past three (`readable`,
 * what stands in the guide), or left out (`compared`, so that a run can be held against the guide).
 */

import type { Step } from "./story.js";

/** An id of a run, and the one of the same length that stands in the guide. */
export type Names = ReadonlyMap<string, string>;

/** When the first slot was asked for, in the guide. */
const BEGINNING = Date.UTC(2026, 10, 23, 3, 12, 0);

const DATE = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
/** Microseconds of log time. */
const TOKEN = /\b\d{16}\b/g;
/** Milliseconds: the birth of a session. */
const BIRTH = /\b\d{13}(?=-)/g;

/** The same with other ids, and with all times moved alike: nothing else is touched but where vitest ran, and how long. */
export function readable({ command, output }: Step, names: Names, beganAt: number): Step {
  const byMs = BEGINNING - beganAt;
  const retold = (text: string) =>
    renamed(text, names)
      .replace(DATE, (date) => new Date(Date.parse(date) + byMs).toISOString())
      .replace(TOKEN, (token) => `${Number(token) + byMs * 1_000}`)
      .replace(BIRTH, (birth) => `${Number(birth) + byMs}`)
      .replace(/^( RUN {2}v\S+) .*$/m, "$1 /home/you/incident")
      .replace(/\n+ +(Start at|Duration) .*$/gm, "")
      // A test that took long has a line of its own.
      .replace(/\n {3}✓ .*ms$/gm, "");
  return { command: retold(command), output: retold(output) };
}

/** What two runs have in common: all words, ids by their names, and every number that is not a time or a count. */
export function compared({ command, output }: Step): Step {
  return { command: masked(command), output: masked(output) };
}

function renamed(text: string, names: Names): string {
  return [...names].reduce((changed, [id, name]) => changed.replaceAll(id, name), text);
}

function masked(text: string): string {
  return text
    .replace(DATE, "<time>")
    .replace(TOKEN, "<token>")
    .replace(BIRTH, "<birth>")
    .replace(/\b[0-9a-f]{64}\b/g, "<hash>")
    .replace(/\d+(\.\d+)? (ms|s|min|h)( \d+ (s|min))?\b/g, "<duration>")
    .replace(/(?<= {2})#\d+(?= {2})/g, "<seq>")
    .replace(/\b(events?) \d+( to \d+)?/g, "$1 <seq>")
    .replace(/\b\d+ entries\b/g, "<count> entries")
    .replace(/(?<=^ RUN {2})v\S+/m, "<version>")
    .replace(/(?<=\(\d+ tests\)) \d+ms$/m, " <duration>")
    .replace(/ {2,}/g, "  ");
}
