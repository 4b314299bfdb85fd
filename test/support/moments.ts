/** What a history must say of random moments: what the fold of all events says that ever were. */

import { strictEqual } from "node:assert";
import type { Event } from "../../src/core/event.js";
import { snapshot } from "../../src/core/snapshot.js";
import { State } from "../../src/core/state.js";
import { fold } from "../../src/core/step.js";
import { replay } from "../../src/history/replay.js";
import type { StoredEntry } from "../../src/ports.js";
import { Random } from "../simulation/random.js";

export class Moments {
  /** How many were compared. */
  compared = 0;
  /** How many of them by a checkpoint that is not the first entry. */
  byLaterCheckpoint = 0;
  private readonly state = new State();
  /** By `seq`. */
  private readonly states: string[] = [bytesOf(new State())];
  private readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  /** It happened, whether it is kept or not. */
  note(event: Event): void {
    fold(this.state, [event]);
    this.states.push(bytesOf(this.state));
  }

  /** The state at some random moments, from the first entry on and from the nearest checkpoint. */
  async compare(entries: readonly StoredEntry[], count: number): Promise<void> {
    const { seq: first, state } = entries[0] ?? { seq: 1 };
    const earliest = state === undefined ? first - 1 : seqAfter({ state });
    for (let i = 0; i < count; i++) {
      const untilSeq = this.random.whole(earliest, this.states.length - 1);
      const nearest = entries.findLastIndex(
        (entry) => entry.state !== undefined && seqAfter(entry) <= untilSeq,
      );
      for (const from of [entries, entries.slice(Math.max(nearest, 0))]) {
        const found = JSON.stringify((await replay(from, { untilSeq })).state);
        strictEqual(found, this.states[untilSeq], `the state after event ${untilSeq}`);
      }
      this.compared++;
      if (nearest > 0) this.byLaterCheckpoint++;
    }
  }
}

function seqAfter({ state }: Pick<StoredEntry, "state">): number {
  return JSON.parse(state ?? "{}").seq;
}

function bytesOf(state: State): string {
  return JSON.stringify(snapshot(state));
}
