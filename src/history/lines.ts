/** A history as the lines of a file (JSON Lines) and back, one after the other, however long it is. */

import { HistoryError } from "../errors.js";
import type { Entries, StoredEntry } from "./entry.js";
import { entryLine, type HistoryHeader, headerLine, parseEntry, parseHeader } from "./line.js";

/** A history that is read from lines. Its entries can be read once. */
export interface ReadHistory {
  readonly header: HistoryHeader;
  /** Rejects with a `HistoryError` at the first line that is none. */
  readonly entries: AsyncIterable<StoredEntry>;
}

/** The lines of an export, without the line feeds behind them. */
export async function* writeHistory(
  header: Omit<HistoryHeader, "version">,
  entries: Entries,
): AsyncGenerator<string, void, undefined> {
  yield headerLine(header);
  for await (const entry of entries) yield entryLine(entry);
}

/**
 * Reads an export. Empty lines count, and say nothing.
 *
 * @param lines as they come, without their line feeds; what is not read of them is not asked for
 * @throws HistoryError if the first line is not the header of a history that this version can read.
 */
export async function readHistory(
  lines: Iterable<string> | AsyncIterable<string>,
): Promise<ReadHistory> {
  const source = each(lines);
  const first = await source.next();
  if (first.done) {
    throw new HistoryError(
      "there is nothing in it",
      "Give what slotstream exported, whole and as it was written.",
    );
  }
  try {
    const header = parseHeader(first.value);
    return { header, entries: entriesOf(source, header) };
  } catch (error) {
    await source.return();
    throw error;
  }
}

async function* entriesOf(
  lines: AsyncIterable<string>,
  { version }: HistoryHeader,
): AsyncGenerator<StoredEntry, void, undefined> {
  let number = 1;
  for await (const line of lines) {
    number++;
    if (line.trim() !== "") yield parseEntry(line, number, version);
  }
}

async function* each(
  lines: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<string, void, undefined> {
  yield* lines;
}
