/**
 * When the history gets a checkpoint, and what stands before one and need not be kept any more. Part of a leader's books;
 * time is that of the state.
 */

import type { State } from "../core/state.js";
import { historyId } from "../history-ids.js";
import type { Checkpoint, Commit, HistoryEntry, Loaded, Retention } from "../ports.js";

/** What is kept of the history unless something else is said. */
export const DEFAULT_RETENTION: Retention = { events: 100_000, ageMs: Infinity };

/** For each such part of what is kept there is a checkpoint, so that not much more is kept. */
const PARTS = 4;

export class Checkpoints {
  /** Where the history can begin, oldest first. */
  private list: readonly Checkpoint[];
  private owed: number;
  /** The state was too large for the last one. */
  private postponed = false;

  constructor(
    private readonly retention: Retention,
    loaded: Pick<Loaded, "checkpoints" | "owed">,
  ) {
    this.list = loaded.checkpoints;
    this.owed = loaded.owed;
  }

  /** Something happened since the last one, and that is much enough or long enough ago. */
  isDue({ seq, steadyAt }: State): boolean {
    const { events, ageMs } = this.retention;
    const last = this.list.at(-1);
    const since = seq + 1 - (last?.seq ?? 1);
    if (since === 0 || (this.postponed && this.owed > 0)) return false;
    if (last === undefined || steadyAt - last.at >= ageMs / PARTS) return true;
    // A large state is written down less often than a small one: it shall not cost more than what it helps to forget.
    return this.owed === 0 && since >= events / PARTS;
  }

  /** The state is too large to be written down; it is looked at again when as much more was written to the history. */
  postpone(size: number): void {
    this.owed = size;
    this.postponed = true;
  }

  /** The entry comes next, in the commit with this number. Says what that stores of this. */
  take(
    { seq: first, commands, events, state }: HistoryEntry,
    number: number,
    { seq, steadyAt }: State,
  ): Pick<Commit, "checkpoints" | "owed" | "trimTo"> {
    const before = this.list;
    if (state !== undefined) this.owed = state.length;
    else this.owed = Math.max(0, this.owed - commands.length - events.length);
    // Nothing ever stood before the first commit.
    if (state !== undefined || number === 1) {
      this.list = [...this.list, { id: historyId(first, number), seq: first, at: steadyAt }];
    }
    const trimTo = this.trim(seq, steadyAt);
    return { checkpoints: this.list === before ? undefined : this.list, owed: this.owed, trimTo };
  }

  /** Up to the second one at most, so that a commit never has to delete much more than what came between two of them. */
  private trim(seq: number, steadyAt: number): string | undefined {
    const { events, ageMs } = this.retention;
    const [, next] = this.list;
    if (next === undefined) return undefined;
    const isEnough = seq + 1 - next.seq >= events;
    if (!isEnough && steadyAt - next.at < ageMs) return undefined;
    this.list = this.list.slice(1);
    return next.id;
  }
}
