/** All that any history ever said, also what the server has trimmed or lost since. */

import { demand } from "../failure.js";
import type { HistoryRecord } from "../redis/data.js";

interface Kept {
  readonly record: HistoryRecord;
  /** Hash of the record before; empty for the first. */
  readonly before: string;
}

export class Archive {
  private readonly byHash = new Map<string, Kept>();

  add(record: HistoryRecord, before: string): void {
    this.byHash.set(record.hash, { record, before });
  }

  /** All records up to this one, oldest first. */
  pathTo(head: string): HistoryRecord[] {
    const path: HistoryRecord[] = [];
    for (let hash = head; hash !== ""; ) {
      const kept = this.byHash.get(hash);
      demand(10, kept !== undefined, () => "the data tells a story that never happened");
      if (kept === undefined) break;
      path.push(kept.record);
      hash = kept.before;
    }
    return path.reverse();
  }
}
