/** A moment of a history, as users name it, and the state that it had then. */

import { inspect } from "node:util";
import type { Event } from "../core/event.js";
import { State } from "../core/state.js";
import { HistoryError, InvalidOptionError } from "../errors.js";
import { apply, begin, eventsAfter } from "./beginning.js";
import type { Entries, StoredEntry } from "./entry.js";

/** Up to where to replay; if both are given, up to what comes first; if none is, to the end. */
export interface Moment {
  /** Log time: all that happened then is included. Milliseconds since the epoch, or a date. */
  readonly until?: number | Date | undefined;
  /** The last event that is included; 0 is before the first. */
  readonly untilSeq?: number | undefined;
}

interface CheckedMoment {
  readonly time: number;
  readonly seq: number;
}

/** Who looks on while a history is folded. */
export interface Onlooker {
  /** Comes first, where a history begins with a checkpoint: what that knows. */
  begin(state: State): void;
  /** It has been applied. */
  note(event: Event): void;
}

/**
 * The state at that moment.
 *
 * @param onlooker is told of what is folded up to that moment, and of nothing later
 * @throws HistoryError if the moment is not in what is kept, or the history is damaged before it.
 * @throws InvalidOptionError
 */
export async function stateAt(
  entries: Entries,
  moment: Moment = {},
  onlooker?: Onlooker,
): Promise<State> {
  const until = checked(moment);
  let state: State | undefined;
  for await (const entry of entries) {
    if (state === undefined) {
      const { state: first, trimmed } = begin(entry);
      state = first;
      if (trimmed) {
        if (isAfter(state, until)) throw tooEarly(state, entry);
        onlooker?.begin(state);
        continue;
      }
    }
    for (const event of eventsAfter(state, entry)) {
      if (isAfter(event, until)) return state;
      apply(state, event, entry);
      onlooker?.note(event);
    }
    if (state.seq === until.seq) return state;
  }
  if (until.seq > (state?.seq ?? 0) && until.seq < Infinity) throw tooLate(state?.seq ?? 0, until);
  return state ?? new State();
}

function checked({ until, untilSeq }: Moment): CheckedMoment {
  const time: unknown = typeof until === "object" ? until.getTime() : until;
  if (time !== undefined && !Number.isFinite(time)) {
    throw new InvalidOptionError(
      "until",
      `until must be a date, or milliseconds since the epoch, but is ${inspect(until)}. Leave it out to replay all.`,
    );
  }
  if (untilSeq !== undefined && !(Number.isSafeInteger(untilSeq) && untilSeq >= 0)) {
    throw new InvalidOptionError(
      "untilSeq",
      `untilSeq must be the number of an event, but is ${inspect(untilSeq)}. Leave it out to replay all.`,
    );
  }
  return { time: typeof time === "number" ? time : Infinity, seq: untilSeq ?? Infinity };
}

function isAfter({ at, seq }: Pick<Event, "at" | "seq">, until: CheckedMoment): boolean {
  return at > until.time || seq > until.seq;
}

function tooEarly({ seq, at }: State, { line }: StoredEntry): HistoryError {
  return new HistoryError(
    `the history is kept from event ${seq} on, at ${at} ms, which is later than that moment`,
    "Ask for a later one, or keep more: raise the retention, or export the history before it is trimmed.",
    { line },
  );
}

function tooLate(last: number, { seq }: CheckedMoment): HistoryError {
  return new HistoryError(
    `there is no event ${seq} yet: the history ends with event ${last}`,
    "Ask for an earlier one, or leave untilSeq out.",
  );
}
