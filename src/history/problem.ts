/** What `verify` can find wrong with a history, in words. */

import { HistoryError } from "../errors.js";
import type { HistoryHead } from "../ports.js";
import type { Difference } from "./decisions.js";
import type { StoredEntry } from "./entry.js";

/**
 * - `changed`: the entry is not what was written.
 * - `missing`: what should stand there is not there.
 * - `reordered`: the entry stands in the wrong place, or twice.
 * - `begins-nowhere`: what came before is gone, and the first entry is no checkpoint.
 * - `unreadable`: it is none that slotstream can have written.
 * - `wrong-events`: the entry is as it was written, but its events do not follow from its commands by today's code.
 * - `wrong-state`: the state of a checkpoint is not the one that its history leads to.
 * - `wrong-head`: the entry with the hash that was asked for is not there.
 */
export type ProblemKind =
  | "changed"
  | "missing"
  | "reordered"
  | "begins-nowhere"
  | "unreadable"
  | "wrong-events"
  | "wrong-state"
  | "wrong-head";

/** The first thing that is wrong with a history. */
export interface Problem {
  readonly kind: ProblemKind;
  /** The first event of the entry, or the one that is missing. */
  readonly seq: number;
  /** Of the export that it was read from. */
  readonly line?: number | undefined;
  /** In a sentence. */
  readonly message: string;
}

/** @param seq of the event that should stand there */
export function changed({ line }: StoredEntry, seq: number): Problem {
  const message = `the entry of event ${seq} was changed: its hash is another one.`;
  return { kind: "changed", seq, line, message };
}

export function missing({ seq: found, line }: StoredEntry, seq: number): Problem {
  const range = found === seq + 1 ? `event ${seq} is` : `events ${seq} to ${found - 1} are`;
  return { kind: "missing", seq, line, message: `${range} missing: event ${found} comes next.` };
}

/** An entry from which nothing followed left no gap in the numbers. */
export function missingBefore({ seq, line }: StoredEntry): Problem {
  const message = `an entry before that of event ${seq} is missing, or was changed.`;
  return { kind: "missing", seq, line, message };
}

export function cutOff(last: number, { seq }: HistoryHead): Problem {
  const message = `events ${last + 1} to ${seq} are missing: the history ends with event ${last}.`;
  return { kind: "missing", seq: last + 1, message };
}

/** @param expected the event that should stand there */
export function reordered({ seq, line }: StoredEntry, expected: number): Problem {
  const message = `the entry of event ${seq} stands where that of event ${expected} belongs.`;
  return { kind: "reordered", seq, line, message };
}

export function outdated({ seq, epoch, line }: StoredEntry, newest: number): Problem {
  const message = `the entry of event ${seq} is of epoch ${epoch}, and stands behind one of epoch ${newest}.`;
  return { kind: "reordered", seq, line, message };
}

export function beginsNowhere({ seq, line }: StoredEntry): Problem {
  const message = `the history begins with event ${seq}, which is neither the first ever nor a checkpoint.`;
  return { kind: "begins-nowhere", seq, line, message };
}

export function wrongEvents({ line }: StoredEntry, difference: Difference): Problem {
  const { seq, command = "nothing", expected = "nothing", actual = "nothing" } = difference;
  const message =
    `event ${seq} does not follow by today's code: after "${command}" the history has "${expected}", and there ` +
    `should be "${actual}". Either it was altered with all hashes, or another version decided otherwise.`;
  return { kind: "wrong-events", seq, line, message };
}

export function wrongState({ seq, line }: StoredEntry): Problem {
  const message = `the state of the checkpoint at event ${seq} is not the one that its history leads to.`;
  return { kind: "wrong-state", seq, line, message };
}

export function wrongHead(seq: number, hash: string): Problem {
  const message = `no entry up to event ${seq} has the hash ${hash}: the history is another one, or no longer kept so far back.`;
  return { kind: "wrong-head", seq, message };
}

/** @param expected the event that should stand there. @throws what is not the history's fault. */
export function unreadable(error: unknown, expected: number): Problem {
  if (!(error instanceof HistoryError)) throw error;
  const { seq = expected, line, problem } = error;
  const where = seq === expected ? "" : ` (event ${seq})`;
  const message = `the entry of event ${expected} cannot be read: ${problem}${where}.`;
  return { kind: "unreadable", seq: expected, line, message };
}
