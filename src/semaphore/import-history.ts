/** Brings an exported history into an empty namespace of Redis: verified first, and then all of it at once. */

import { nanoid } from "nanoid";
import { HistoryError } from "../errors.js";
import type { Entries } from "../history/entry.js";
import { readHistory } from "../history/lines.js";
import { verify } from "../history/verify.js";
import type { HistoryHead, StoredEntry } from "../ports.js";
import type { RedisImport } from "../redis/importing.js";
import { checkVerify } from "./history-query.js";
import { ImportBooks } from "./import-books.js";
import { checkKeys } from "./options.js";
import { checkRedis, type RedisOption } from "./redis-config.js";
import { partitionOf } from "./redis-partition.js";

export interface ImportOptions {
  /** Whether today's code must decide what was decided; default true. Turn it off for what another version decided. */
  readonly decisions?: boolean | undefined;
}

/** What there is now. */
export interface Imported {
  readonly entries: number;
  readonly events: number;
  readonly head: HistoryHead;
}

/**
 * Brings what `Coordinator.export()` has written into a namespace that is empty. A fleet that starts on it goes on from
 * there as after a loss of data: nothing is granted for a while, and whoever is not heard by then has lost its slot. If
 * it rejects, nothing has changed.
 *
 * @example
 * await importHistory({ url: "redis://localhost:6379", namespace: "incident" }, lines);
 *
 * @param lines without their line feeds
 * @throws HistoryError if the history is damaged, or there is nothing in it.
 * @throws InvalidOptionError if the namespace is not empty, or an option cannot work.
 */
export async function importHistory(
  redis: RedisOption,
  lines: Iterable<string> | AsyncIterable<string>,
  options: ImportOptions = {},
): Promise<Imported> {
  checkKeys(options, ["decisions"]);
  const { decisions } = checkVerify({ decisions: options.decisions });
  const config = checkRedis(redis);
  const partition = partitionOf(config);
  const target = partition.importing(nanoid(12));
  try {
    await target.checkEmpty();
    const { header, entries } = await readHistory(lines);
    const books = new ImportBooks(config.failoverPauseMs);
    const verification = await verify(copied(entries, target, books), {
      head: header.head,
      decisions,
    });
    const { problem, last = 0, head, events } = verification;
    if (problem) throw damaged(problem.message, problem);
    if (verification.entries === 0) throw damaged("nothing has happened in this history.");
    await target.finish(books.result());
    return { entries: verification.entries, events, head: { seq: last, hash: head } };
  } catch (error) {
    await target.discard();
    throw error;
  } finally {
    partition.close();
  }
}

/** The same entries, for whoever verifies them; they are of use only if all of them are right. */
async function* copied(
  entries: Entries,
  target: RedisImport,
  books: ImportBooks,
): AsyncGenerator<StoredEntry, void, undefined> {
  for await (const entry of entries) {
    yield entry;
    await target.add(entry);
    books.take(entry);
  }
}

function damaged(
  problem: string,
  place: { readonly line?: number | undefined } = {},
): HistoryError {
  return new HistoryError(
    problem.replace(/\.$/, ""),
    "Nothing was imported. Export the history anew, or go back to a copy that is whole.",
    { line: place.line },
  );
}
