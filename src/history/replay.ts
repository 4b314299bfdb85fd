/** Rebuilds what was: the exact state of all semaphores at a moment of a history. */

import { describeState } from "../core/describe.js";
import { type Snapshot, snapshot } from "../core/snapshot.js";
import type { State } from "../core/state.js";
import {
  type Holder,
  holdersOf,
  type SemaphoreStats,
  statsOf,
  type Waiter,
  waitersOf,
} from "../core/views.js";
import type { Entries } from "./entry.js";
import { type Moment, stateAt } from "./moment.js";

/** A semaphore as it was. */
export interface ReplayedSemaphore extends SemaphoreStats {
  readonly name: string;
  /** Its regular value; `maxSlots` is another one after a resize. */
  readonly declared: number;
}

/** The state at a moment. What it answers is data that does not change any more. */
export class Replayed {
  /** @param from the state; nobody else changes it from now on */
  constructor(private readonly from: State) {}

  /** Log time of the last event, in milliseconds since the epoch. */
  get at(): number {
    return this.from.at;
  }

  /** Number of the last event; 0 before the first. */
  get seq(): number {
    return this.from.seq;
  }

  /** Fencing token of the last grant. */
  get token(): number {
    return this.from.token;
  }

  /** All of it, as plain data. */
  get state(): Snapshot {
    return snapshot(this.from);
  }

  /** As `getAcquiredStats()` would have answered: those in use, the fullest first; idle ones only if named. */
  stats(names?: readonly string[]): Map<string, SemaphoreStats> {
    return new Map(statsOf(this.from, { names, limit: Infinity }));
  }

  /** Who held slots, in order of the grants. */
  holders(semaphore: string): Holder[] {
    return holdersOf(this.from, semaphore);
  }

  /** Who waited, the head of the queue first. */
  waiters(semaphore: string): Waiter[] {
    return waitersOf(this.from, semaphore);
  }

  /** All that were known, by name, also those that nobody used. */
  semaphores(): ReplayedSemaphore[] {
    const names = [...this.from.semaphores.values()].map(({ name }) => name);
    const stats = this.stats(names);
    return names.sort().flatMap((name) => {
      const [record, own] = [this.from.semaphores.get(name), stats.get(name)];
      return record && own ? { name, declared: record.declared, ...own } : [];
    });
  }

  /** In one line, as the tests of slotstream write it. */
  describe(): string {
    return describeState(this.from);
  }
}

/**
 * The state at a moment: after all that had happened by then, and before anything that happened later.
 *
 * @example
 * const then = await replay(entries, { until: new Date("2026-11-23T03:12:00Z") });
 * console.log(then.holders("deploy"));
 *
 * @param entries of the history, from its beginning or from any checkpoint before the moment
 * @throws HistoryError if the moment is not in what is kept, or the history is damaged before it.
 * @throws InvalidOptionError if the moment is none.
 */
export async function replay(entries: Entries, moment: Moment = {}): Promise<Replayed> {
  return new Replayed(await stateAt(entries, moment));
}
