/** Where a history begins, and the state that it grows from. */

import type { Event } from "../core/event.js";
import { evolve } from "../core/evolve.js";
import { restore } from "../core/snapshot.js";
import { State } from "../core/state.js";
import { HistoryError } from "../errors.js";
import type { StoredEntry } from "./entry.js";
import { damaged, eventsOf, stateIn } from "./parts.js";

export interface Beginning {
  readonly state: State;
  /** Whether something stood before it that is no longer kept. Then the state has the events of the entry already. */
  readonly trimmed: boolean;
}

/** Whether a history can begin with the entry: with the first one ever, or with a checkpoint. */
export function canBegin({ seq, previous, state }: StoredEntry): boolean {
  return state === undefined ? seq === 1 : previous !== undefined;
}

/** @throws HistoryError if it cannot begin with the entry. */
export function begin(first: StoredEntry): Beginning {
  if (!canBegin(first)) {
    throw new HistoryError(
      "the history begins here, which is neither its first event nor a checkpoint, so that no state can be told",
      "Its beginning is lost, or was cut off by hand; go back to a copy that is whole.",
      { seq: first.seq, line: first.line },
    );
  }
  const trimmed = isTrimmed(first);
  return { state: trimmed ? restore(stateIn(first)) : new State(), trimmed };
}

/** Whether something stood before the entry that a history begins with. */
export function isTrimmed({ seq, previous = "" }: StoredEntry): boolean {
  return seq > 1 || previous !== "";
}

/** The events of the entry that comes next after this state. @throws HistoryError if it is another one. */
export function eventsAfter(state: State, entry: StoredEntry): Event[] {
  if (entry.seq === state.seq + 1) return eventsOf(entry);
  throw damaged(entry, `event ${state.seq + 1} must come next`);
}

/** Applies one event of the entry. @throws HistoryError if it does not follow from what came before. */
export function apply(state: State, event: Event, entry: StoredEntry): void {
  try {
    evolve(state, event);
  } catch (cause) {
    throw damaged(
      entry,
      "what happens there cannot follow from what came before",
      event.seq,
      cause,
    );
  }
}
