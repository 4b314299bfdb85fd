/** What an inspector shows: the history of a coordinator as it goes on, or one that was exported. */

import type { StoredEntry } from "../history/entry.js";
import type { HistoryHeader } from "../history/line.js";
import { HISTORY_VERSION } from "../history/versions.js";
import { type Coordinator, HistoryError, InvalidOptionError, type ReadHistory } from "../index.js";
import type { History } from "../ports.js";
import { beginningOf, placeOf } from "./place.js";

/** A history that does not go on, such as an export. It is read anew for every page that looks at it. */
export interface HistorySource {
  /** What the page calls it, e.g. the name of the file. */
  readonly name: string;
  /** From its beginning; see `readHistory()`. */
  read(): Promise<ReadHistory>;
}

export interface Feed {
  readonly source: "redis" | "memory" | "file";
  readonly name: string;
  /** It goes on. */
  readonly live: boolean;
  /** The first line of an export of it. */
  header(): Promise<HistoryHeader>;
  /** `seq` of the entry with which reading begins, unless told otherwise. */
  beginning(): Promise<number>;
  /** From the entry that has this event, or the next one that is kept; live, unless `ends`. */
  entries(range: FeedRange): AsyncIterable<StoredEntry>;
  /** Log time, and `seq` of the last event. */
  now(): Promise<{ readonly at: number; readonly seq: number }>;
}

export interface FeedRange {
  readonly from: number;
  /** Ends with what is there now. */
  readonly ends?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws InvalidOptionError if it is neither a coordinator nor the source of a history. */
export function feedOf(shown: Coordinator | HistorySource): Feed {
  if (typeof shown === "object" && shown !== null) {
    if ("read" in shown && typeof shown.read === "function") return new FileFeed(shown);
    if ("past" in shown) return new LiveFeed(shown.past.history, shown.past.namespace);
  }
  throw new InvalidOptionError(
    "source",
    "an inspector shows a coordinator, or { name, read } of an export, and was given neither. " +
      "Pass the coordinator that your semaphores have, or new MemoryCoordinator() for those without.",
  );
}

class LiveFeed implements Feed {
  readonly live = true;
  readonly source: Feed["source"];
  readonly name: string;

  constructor(
    private readonly history: History,
    private readonly namespace: string | undefined,
  ) {
    this.source = namespace === undefined ? "memory" : "redis";
    this.name = namespace ?? `process ${process.pid}`;
  }

  async header(): Promise<HistoryHeader> {
    const { history, namespace } = this;
    const [exportedAt, head] = await Promise.all([history.now(), history.head()]);
    return { version: HISTORY_VERSION, namespace, exportedAt, head };
  }

  beginning(): Promise<number> {
    return beginningOf(this.history);
  }

  entries({ ends = false, ...range }: FeedRange): AsyncIterable<StoredEntry> {
    return this.history.entries({ ...range, live: !ends });
  }

  async now(): Promise<{ at: number; seq: number }> {
    const [at, { seq }] = await Promise.all([this.history.now(), this.history.head()]);
    return { at, seq };
  }
}

class FileFeed implements Feed {
  readonly live = false;
  readonly source = "file";
  readonly name: string;

  constructor(private readonly file: HistorySource) {
    this.name = String(file.name);
  }

  async header(): Promise<HistoryHeader> {
    const { header, entries } = await this.file.read();
    // Not before something was read of it does it close what it reads from.
    for await (const _ of entries) break;
    return header;
  }

  async beginning(): Promise<number> {
    return 1;
  }

  async *entries({ from, signal }: FeedRange): AsyncGenerator<StoredEntry, void, undefined> {
    const { entries } = await this.file.read();
    for await (const entry of entries) {
      if (signal?.aborted) return;
      if (entry.seq >= from || placeOf(entry).seq >= from) yield entry;
    }
  }

  async now(): Promise<never> {
    throw new HistoryError("an export has no time of its own", "Ask a coordinator.");
  }
}
