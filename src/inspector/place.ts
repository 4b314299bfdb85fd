/** Places in a history: where to begin, whether one that somebody has seen is still there, and what comes behind it. */

import { parseJson } from "../core/json.js";
import { begin, canBegin } from "../history/beginning.js";
import { hashOf, type StoredEntry } from "../history/entry.js";
import { damaged } from "../history/parts.js";
import type { History } from "../ports.js";
import type { Feed } from "./feed.js";

/** Behind an entry. */
export interface Place {
  /** Of the last event up to there. */
  readonly seq: number;
  /** Of the entry, where it is known. Another history may have an event of the same number. */
  readonly hash: string | undefined;
}

/** Whoever comes new gets at least so many events where there are as many, and not many more. */
const ENOUGH_EVENTS = 100_000;

/**
 * `seq` of the entry with which a new reader begins: the first that is kept or, of a long history, the newest checkpoint
 * with enough behind it.
 *
 * @throws HistoryError if no state can be told anywhere in it.
 */
export async function beginningOf(history: History, enough = ENOUGH_EVENTS): Promise<number> {
  const { seq: head } = await history.head();
  const first = await firstOf(history.entries());
  if (first === undefined) return 1;
  if (head - first.seq >= enough) {
    const late = await firstOf(
      history.entries({ reverse: true, from: head - enough + 1 }),
      canBegin,
    );
    if (late) return late.seq;
  }
  if (canBegin(first)) return first.seq;
  const next = await firstOf(history.entries(), canBegin);
  // Says what is wrong with it.
  return next?.seq ?? begin(first).state.seq;
}

/** The place as it is found in the history; `undefined` if it is not, or not any more. */
export async function findPlace(feed: Feed, place: Place): Promise<Place | undefined> {
  for await (const entry of feed.entries({ from: Math.max(1, place.seq), ends: true })) {
    const here = placeOf(entry);
    if (isSame(here, place)) return here;
    if (here.seq > place.seq) return undefined;
  }
  return undefined;
}

/**
 * What comes behind a place, without a gap.
 *
 * @param entries from the one that has the last event before that place, or from an earlier one
 * @throws HistoryError if something else comes there than what must come next.
 */
export async function* entriesBehind(
  place: Place,
  entries: AsyncIterable<StoredEntry>,
): AsyncGenerator<StoredEntry, void, undefined> {
  let last: Place | undefined;
  for await (const entry of entries) {
    const here = placeOf(entry);
    if (last) {
      yield follower(entry, last);
      last = here;
    } else if (isSame(here, place)) {
      last = here;
    } else if (here.seq > place.seq) {
      throw damaged(entry, `it does not continue what was read up to event ${place.seq}`);
    }
  }
}

/** From the first entry with which a history can begin, without a gap. @throws HistoryError at a gap. */
export async function* entriesFromBeginning(
  entries: AsyncIterable<StoredEntry>,
): AsyncGenerator<StoredEntry, void, undefined> {
  let last: Place | undefined;
  for await (const entry of entries) {
    if (last === undefined && !canBegin(entry)) continue;
    yield last ? follower(entry, last) : entry;
    last = placeOf(entry);
  }
}

/** After a loss of data, what comes next by its number may be of another history, so the hash counts as well. */
function follower(entry: StoredEntry, { seq, hash = "" }: Place): StoredEntry {
  if (entry.seq !== seq + 1) throw damaged(entry, `event ${seq + 1} must come next`);
  if (hashOf(hash, entry) === entry.hash) return entry;
  throw damaged(entry, "its hash does not continue that of the entry before");
}

/** The place behind the entry. @throws HistoryError if nobody can say how many events it has. */
export function placeOf(entry: StoredEntry): Place {
  const events = parseJson(entry.events);
  if (!Array.isArray(events)) throw damaged(entry, "its events are no JSON array");
  return { seq: entry.seq + events.length - 1, hash: entry.hash };
}

function isSame(here: Place, wanted: Place): boolean {
  return here.seq === wanted.seq && (wanted.hash === undefined || here.hash === wanted.hash);
}

async function firstOf(
  entries: AsyncIterable<StoredEntry>,
  fits: (entry: StoredEntry) => boolean = () => true,
): Promise<StoredEntry | undefined> {
  for await (const entry of entries) if (fits(entry)) return entry;
  return undefined;
}
