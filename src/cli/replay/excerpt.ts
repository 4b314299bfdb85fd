/** The entries that a moment can be rebuilt from: those since the last checkpoint before it, or since the beginning. */

import { eventsOf } from "../../history/parts.js";
import type { Moment, StoredEntry } from "../../index.js";

export class Excerpt {
  /** Once all have been read that were needed. */
  entries: StoredEntry[] = [];

  constructor(private readonly moment: Moment) {}

  /** The same entries, for whoever rebuilds the moment. */
  async *of(all: AsyncIterable<StoredEntry>): AsyncGenerator<StoredEntry, void, undefined> {
    for await (const entry of all) {
      this.take(entry);
      yield entry;
    }
  }

  private take(entry: StoredEntry): void {
    const { until = Infinity, untilSeq = Infinity } = this.moment;
    const events = eventsOf(entry);
    const [first, last] = [events.at(0), events.at(-1)];
    if (first && (first.at > Number(until) || first.seq > untilSeq)) return;
    const isBefore = last === undefined || (last.at <= Number(until) && last.seq <= untilSeq);
    if (entry.state !== undefined && isBefore) this.entries = [];
    this.entries.push(entry);
  }
}
