/** A Redis stream as far as the protocol uses it: ids that rise, entries that are trimmed from the old end. */

import type { EntryId } from "../../../src/ports.js";

export interface StreamEntry {
  readonly id: EntryId;
  readonly fields: readonly (readonly [string, string])[];
}

export class Stream {
  private constructor(
    private entries: readonly StreamEntry[],
    private last: EntryId,
  ) {}

  static empty(): Stream {
    return new Stream([], "0-0");
  }

  copy(): Stream {
    return new Stream(this.entries, this.last);
  }

  get size(): number {
    return this.entries.length;
  }

  get lastId(): EntryId {
    return this.last;
  }

  /** `XADD key *`: at the server's time, or where the last entry stands if the clock was set back. */
  add(nowMs: number, fields: StreamEntry["fields"]): EntryId {
    const [lastMs, lastSequence] = partsOf(this.last);
    const id = nowMs > lastMs ? `${nowMs}-0` : `${lastMs}-${lastSequence + 1}`;
    this.entries = [...this.entries, { id, fields }];
    this.last = id;
    return id;
  }

  /** `XADD key <ms>-*`; `undefined` if that is lower than the last. */
  addAt(ms: number, fields: StreamEntry["fields"]): EntryId | undefined {
    return ms < partsOf(this.last)[0] ? undefined : this.add(ms, fields);
  }

  /** New entries stand behind this one, which nobody will ever read, nor what came before. */
  moveTo(id: EntryId): void {
    if (!isAfter(id, this.last)) return;
    this.entries = [];
    this.last = id;
  }

  after(id: EntryId, count: number): StreamEntry[] {
    return this.entries.filter((entry) => isAfter(entry.id, id)).slice(0, count);
  }

  has(id: EntryId): boolean {
    return this.entries.some((entry) => entry.id === id);
  }

  /** `XDEL`: its id is not used again. */
  delete(id: EntryId): void {
    this.entries = this.entries.filter((entry) => entry.id !== id);
  }

  /** Takes out all up to this one, and returns them. */
  trim(upTo: EntryId): StreamEntry[] {
    const trimmed = this.entries.filter(({ id }) => !isAfter(id, upTo));
    if (trimmed.length > 0) this.entries = this.entries.slice(trimmed.length);
    return trimmed;
  }
}

/** `a` stands behind `b`. */
export function isAfter(a: EntryId, b: EntryId): boolean {
  const [aMs, aSequence] = partsOf(a);
  const [bMs, bSequence] = partsOf(b);
  return aMs > bMs || (aMs === bMs && aSequence > bSequence);
}

export function partsOf(id: EntryId): [ms: number, sequence: number] {
  const dash = id.indexOf("-");
  return [Number(id.slice(0, dash)), Number(id.slice(dash + 1))];
}
