/** The chain of hashes: whether each entry is as it was written, and stands where it was written. */

import { HistoryError } from "../errors.js";
import { canBegin, isTrimmed } from "./beginning.js";
import { hashOf, type StoredEntry } from "./entry.js";
import * as problem from "./problem.js";

export class Chain {
  /** Hash of the last entry; empty before the first. */
  head = "";
  /** `seq` of the first entry. */
  first: number | undefined = undefined;
  /** Something stood before the first entry. */
  trimmed = false;
  /** Of the next event. */
  next = 1;
  private epoch = 0;

  /** Takes the entry, if it comes next, and how many events it has. */
  add(entry: StoredEntry, events: number): void {
    if (this.first === undefined) {
      this.first = entry.seq;
      this.trimmed = isTrimmed(entry);
    }
    this.head = entry.hash;
    this.next = entry.seq + events;
    this.epoch = entry.epoch;
  }

  /**
   * What is wrong if this entry comes next; nothing if it fits.
   *
   * @param rest what stands behind it; it is read only to tell what is wrong
   */
  async objectionTo(
    entry: StoredEntry,
    rest: AsyncIterator<StoredEntry>,
  ): Promise<problem.Problem | undefined> {
    if (this.first === undefined) return this.objectionToFirst(entry, rest);
    if (this.continuesWith(entry)) {
      return entry.epoch < this.epoch ? problem.outdated(entry, this.epoch) : undefined;
    }
    const { head, next } = this;
    if (hashOf(head, { ...entry, seq: next }) === entry.hash) return problem.changed(entry, next);
    if (await some(rest, (other) => this.continuesWith(other))) {
      return problem.reordered(entry, next);
    }
    if (entry.seq > next) return problem.missing(entry, next);
    if (entry.seq < next) return problem.reordered(entry, next);
    return isIntact(entry) ? problem.missingBefore(entry) : problem.changed(entry, next);
  }

  private async objectionToFirst(
    entry: StoredEntry,
    rest: AsyncIterator<StoredEntry>,
  ): Promise<problem.Problem | undefined> {
    if (canBegin(entry)) return isIntact(entry) ? undefined : problem.changed(entry, entry.seq);
    if (hashOf("", { ...entry, seq: 1 }) === entry.hash) return problem.changed(entry, 1);
    let begins = 1;
    const beginsLater = await some(rest, (other) => {
      begins = other.seq;
      return canBegin(other) && other.seq <= entry.seq && isIntact(other);
    });
    return beginsLater ? problem.reordered(entry, begins) : problem.beginsNowhere(entry);
  }

  private continuesWith(entry: StoredEntry): boolean {
    const { head, next } = this;
    const follows = entry.previous === undefined || entry.previous === head;
    return entry.seq === next && follows && hashOf(head, entry) === entry.hash;
  }
}

/** Whether the entry that says what stands before it is as it was written. Others cannot tell by themselves. */
function isIntact(entry: StoredEntry): boolean {
  if (entry.previous === undefined && entry.seq > 1) return false;
  return hashOf(entry.previous ?? "", entry) === entry.hash;
}

/** Whether one of them is such; those that cannot be read are none. */
async function some(
  rest: AsyncIterator<StoredEntry>,
  isSuch: (entry: StoredEntry) => boolean,
): Promise<boolean> {
  try {
    for (let next = await rest.next(); !next.done; next = await rest.next()) {
      if (isSuch(next.value)) return true;
    }
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
  }
  return false;
}
