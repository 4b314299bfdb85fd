/** Which events of the history are listed. Looks through them in pieces, and goes on where it was when more come. */

import { describeEvent } from "../../../core/describe.js";
import type { Event } from "../../../core/event.js";
import { EVENT_TYPES } from "../../../history/check-event.js";
import { matches } from "../../../history/query.js";
import type { HasTime } from "./budget.js";
import { firstWhere } from "./search.js";
import type { Timeline } from "./timeline.js";

/** Empty texts and types let everything pass. */
export interface Filter {
  readonly types: readonly Event["type"][];
  readonly semaphore: string;
  readonly acquisition: string;
  readonly session: string;
  /** Anywhere in the line that describes the event, in upper or lower case. */
  readonly text: string;
}

export const EVERY_TYPE: readonly Event["type"][] = EVENT_TYPES.filter(isEventType);

export const NO_FILTER: Filter = {
  types: [],
  semaphore: "",
  acquisition: "",
  session: "",
  text: "",
};

function isEventType(text: string): text is Event["type"] {
  return EVENT_TYPES.includes(text);
}

export function isFiltering({ types, semaphore, acquisition, session, text }: Filter): boolean {
  return types.length > 0 || `${semaphore}${acquisition}${session}${text.trim()}` !== "";
}

export class Filtered {
  /** Numbers of the events that pass; `undefined`: all do. */
  private seqs: number[] | undefined;
  private looked: number;
  private readonly text: string;

  constructor(
    readonly filter: Filter,
    private readonly timeline: Timeline,
  ) {
    this.seqs = isFiltering(filter) ? [] : undefined;
    this.looked = timeline.start;
    this.text = filter.text.trim().toLowerCase();
  }

  /** Looks at what it has not looked at yet. Returns whether it is through. */
  goOn(hasTime: HasTime): boolean {
    const { end } = this.timeline;
    if (this.seqs === undefined) return true;
    while (this.looked < end) {
      if (!hasTime()) return false;
      const last = Math.min(end, this.looked + 32);
      for (let seq = this.looked + 1; seq <= last; seq++) {
        const event = this.timeline.eventAt(seq);
        if (event && this.passes(event)) this.seqs.push(seq);
      }
      this.looked = last;
    }
    return true;
  }

  /** How many are listed. */
  get length(): number {
    return this.seqs ? this.seqs.length : this.timeline.end - this.timeline.start;
  }

  /** `seq` of the event in this row. */
  seqIn(row: number): number | undefined {
    return this.seqs ? this.seqs[row] : this.timeline.start + 1 + row;
  }

  /** How many of them had happened by this event. */
  countUpTo(seq: number): number {
    if (this.seqs) return firstWhere(this.seqs, (one) => one > seq);
    return Math.max(0, Math.min(seq, this.timeline.end) - this.timeline.start);
  }

  /** Forgets the events up to this one. */
  trim(seq: number): void {
    this.seqs?.splice(
      0,
      firstWhere(this.seqs, (one) => one > seq),
    );
    this.looked = Math.max(this.looked, seq);
  }

  private passes(event: Event): boolean {
    const { types, semaphore, acquisition, session } = this.filter;
    const query = {
      types: types.length > 0 ? types : undefined,
      semaphore: semaphore || undefined,
      acquisition: acquisition || undefined,
      session: session || undefined,
    };
    if (!matches(event, query)) return false;
    return this.text === "" || describeEvent(event).toLowerCase().includes(this.text);
  }
}
