/** A history as the lines of a file (JSON Lines) and back, one after the other, however long it is. */

import { HistoryError } from "../errors.js";
import { type Entries, hashOf, type StoredEntry } from "./entry.js";
import { entryLine, type HistoryHeader, headerLine, parseEntry, parseHeader } from "./line.js";

/** A history that is read from lines. Its entries can be read once. */
export interface ReadHistory {
  readonly header: HistoryHeader;
  /** Rejects with a `HistoryError` at the first line that is none. */
  readonly entries: AsyncIterable<StoredEntry>;
}

/**
 * The lines of an export, without the line feeds behind them. What has followed on the head that the header names is left
 * out: so they end with it, and it can be told whether their end is missing. What does not follow is damage, and is kept.
 */
export async function* writeHistory(
  header: Omit<HistoryHeader, "version">,
  entries: Entries,
): AsyncGenerator<string, void, undefined> {
  yield headerLine(header);
  const last = header.head?.hash;
  /** From the last entry on: the hash of the one before. */
  let before = last === "" ? "" : undefined;
  for await (const entry of entries) {
    const isNewer = before !== undefined && hashOf(before, entry) === entry.hash;
    if (!isNewer) yield entryLine(entry);
    before = isNewer || entry.hash === last ? entry.hash : undefined;
  }
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
