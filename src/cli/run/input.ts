/** Standard input as lines, read ahead of their turn; or a complaint that it cannot be read. */

import { fstatSync } from "node:fs";
import { Readable } from "node:stream";
import { Complaint } from "../complaint.js";
import { UNREADABLE_INPUT } from "../exit-status.js";
import { lines } from "./lines.js";
import type { Tally } from "./tally.js";

/** So many lines are read before their turn, at most: it shows early how many there are. */
const READ_AHEAD_LINES = 10_000;

/** @throws Complaint */
export function standardInput(): Readable {
  // To Node, a directory is an empty stream.
  if (fstatSync(0).isDirectory()) throw unreadableInput("it is a directory. Name a file in it");
  return process.stdin;
}

/** A stream of lines, counted in the tally; it ends with an `AbortError` when the signal aborts. */
export function linesAhead(input: Readable, tally: Tally, signal: AbortSignal): Readable {
  signal.addEventListener("abort", () => input.destroy());
  return Readable.from(counted(lines(input), tally), { highWaterMark: READ_AHEAD_LINES, signal });
}

export function unreadableInput(cause: unknown): Complaint {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Complaint(UNREADABLE_INPUT, `cannot read standard input: ${reason}.`, { cause });
}

async function* counted(all: AsyncIterable<string>, tally: Tally): AsyncGenerator<string> {
  for await (const line of all) {
    tally.read++;
    yield line;
  }
  tally.readAll = true;
}
