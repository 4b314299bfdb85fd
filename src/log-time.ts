/** What the ids of entries tell. */

import type { EntryId } from "./ports.js";

/** The log time of an entry: the milliseconds of its id. */
export function logTimeOf(id: EntryId): number {
  return Number(id.slice(0, id.indexOf("-")));
}

/** Whether `a` stands behind `b` in the log. */
export function isAfter(a: EntryId, b: EntryId): boolean {
  const ms = logTimeOf(a) - logTimeOf(b);
  return ms > 0 || (ms === 0 && place(a) > place(b));
}

/** Among the entries of the same millisecond. */
function place(id: EntryId): number {
  return Number(id.slice(id.indexOf("-") + 1));
}
