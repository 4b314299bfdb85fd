/**
 * What the page knows of a history: its events in order, the state that they begin with, and states on the way, so
 * that any moment is near one. It folds with the code that decides in production, so it shows what `replay` would.
 */

import type { Event } from "../../../core/event.js";
import { evolve } from "../../../core/evolve.js";
import { restore, type Snapshot, snapshot } from "../../../core/snapshot.js";
import { State } from "../../../core/state.js";
import { apply, begin, eventsAfter } from "../../../history/beginning.js";
import type { StoredEntry } from "../../../ports.js";

/** Events between two kept states, at least; more where a state is large, so that they cost no more than the events. */
const STRIDE = 1_000;

export class Timeline {
  /** After all events. Nobody but this class changes it. */
  head = new State();
  /** States at some moments, oldest first; the first is the one that `events` begin with. */
  private marks: Snapshot[] = [];
  private readonly kept: Event[] = [];
  private begun = false;

  /** Whether anything was read, if only a checkpoint. */
  get hasBegun(): boolean {
    return this.begun;
  }

  /** `seq` of the state before the first kept event: the earliest moment that can be shown. */
  get start(): number {
    return this.marks[0]?.seq ?? 0;
  }

  /** `seq` of the last event. */
  get end(): number {
    return this.head.seq;
  }

  get events(): readonly Event[] {
    return this.kept;
  }

  /** The event with this number, if it is kept. */
  eventAt(seq: number): Event | undefined {
    return this.kept[seq - this.start - 1];
  }

  /** The nearest kept state that is not later than this event. */
  markBefore(seq: number): Snapshot {
    const found = this.marks.findLast((mark) => mark.seq <= seq) ?? this.marks[0];
    return found ?? snapshot(new State());
  }

  /** Where all begins. A copy: whoever asks may change it. */
  first(): State {
    return restore(this.markBefore(0));
  }

  /**
   * Takes the next entry, and returns the events that are new by it. An entry that is known says nothing new.
   *
   * @throws HistoryError if it is damaged, or another one had to come.
   */
  take(entry: StoredEntry): readonly Event[] {
    if (!this.begun) {
      const { state, trimmed } = begin(entry);
      this.begun = true;
      this.head = state;
      this.marks = [snapshot(state)];
      if (trimmed) return [];
    }
    if (entry.seq <= this.head.seq) return [];
    const events = eventsAfter(this.head, entry);
    for (const event of events) {
      apply(this.head, event, entry);
      this.kept.push(event);
    }
    this.mark();
    return events;
  }

  /** Forgets the oldest events, as long as so many are left. Returns whether it forgot any. */
  trim(atLeast: number): boolean {
    const place = this.marks.findLastIndex((mark) => this.end - mark.seq >= atLeast);
    const first = this.marks[place];
    if (place <= 0 || first === undefined) return false;
    this.kept.splice(0, first.seq - this.start);
    this.marks.splice(0, place);
    return true;
  }

  private mark(): void {
    const { acquisitions, sessions, semaphores } = this.head;
    const size = acquisitions.size + sessions.size + semaphores.size;
    const last = this.marks.at(-1)?.seq ?? 0;
    if (this.head.seq - last >= Math.max(STRIDE, size)) this.marks.push(snapshot(this.head));
  }
}

/** Applies an event that the timeline has applied before. */
export function reapply(state: State, event: Event): void {
  evolve(state, event);
}
