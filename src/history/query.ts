/** Which events somebody asked for. */

import type { Event } from "../core/event.js";
import type { EventQuery } from "../ports.js";
import type { Entries } from "./entry.js";
import { eventsOf } from "./parts.js";

/** Whether the event is one of those. How many are asked for, and in which order, does not matter here. */
export function matches(event: Event, query: EventQuery): boolean {
  const { semaphore, acquisition, session, types, since, until } = query;
  return (
    (semaphore === undefined || ("semaphore" in event && event.semaphore === semaphore)) &&
    (acquisition === undefined || ("acquisition" in event && event.acquisition === acquisition)) &&
    (session === undefined || isOf(session, event)) &&
    (types === undefined || types.includes(event.type)) &&
    (since === undefined || event.at >= since) &&
    (until === undefined || event.at <= until)
  );
}

/**
 * The events that are asked for, out of entries that come in the order of the query: with `reverse`, the newest first.
 * Reads no further than it must, for log time never goes back.
 *
 * @throws HistoryError at an entry that is damaged.
 */
export function select(
  entries: Entries,
  query: EventQuery,
): AsyncGenerator<Event, void, undefined> {
  return pick(eventsOfEach(entries), query);
}

/** The same out of events that come in lists, each list with the oldest first. */
export async function* pick(
  lists: Iterable<readonly Event[]> | AsyncIterable<readonly Event[]>,
  query: EventQuery,
): AsyncGenerator<Event, void, undefined> {
  let left = query.limit ?? Infinity;
  if (left <= 0) return;
  for await (const list of lists) {
    for (const event of query.reverse ? list.toReversed() : list) {
      if (isPast(event, query)) return;
      if (!matches(event, query)) continue;
      yield event;
      if (--left <= 0) return;
    }
  }
}

async function* eventsOfEach(entries: Entries): AsyncGenerator<Event[], void, undefined> {
  for await (const entry of entries) yield eventsOf(entry);
}

/** Neither this event nor any that comes after it is asked for. */
function isPast({ at }: Event, { since, until, reverse }: EventQuery): boolean {
  return reverse ? at < (since ?? -Infinity) : at > (until ?? Infinity);
}

function isOf(session: string, event: Event): boolean {
  if (event.session === session || event.by === session) return true;
  return event.type === "reasserted" && event.from === session;
}
