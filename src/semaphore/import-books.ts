/**
 * The state that the entries of an import lead to, and what a leader knows besides: all that it will find in Redis, as if
 * one had written it commit by commit.
 */

import { assertDefined } from "../core/assert.js";
import { Changes } from "../core/changes.js";
import { finite } from "../core/snapshot.js";
import type { State } from "../core/state.js";
import { HistoryError } from "../errors.js";
import { apply, begin } from "../history/beginning.js";
import { eventsOf } from "../history/parts.js";
import { historyId } from "../history-ids.js";
import type { ChangedTexts, Checkpoint, StoredEntry } from "../ports.js";
import { recordTexts } from "../reconciler/record-texts.js";
import type { ImportedState } from "../redis/importing.js";

export class ImportBooks {
  private state: State | undefined = undefined;
  private entries = 0;
  private last = { epoch: 0, hash: "" };
  private readonly checkpoints: Checkpoint[] = [];
  private owed = 0;
  private isDamaged = false;

  constructor(private readonly pauseMs: number) {}

  /** What does not fit is left out, for whoever verifies it says why. */
  take(entry: StoredEntry): void {
    if (this.isDamaged) return;
    try {
      this.fold(entry);
    } catch (error) {
      if (!(error instanceof HistoryError)) throw error;
      this.isDamaged = true;
    }
  }

  /** At the end, if nothing was damaged. */
  result(): ImportedState {
    const { checkpoints, owed, last } = this;
    const sound = this.isDamaged ? undefined : this.state;
    const state = assertDefined(sound, "a history that was verified cannot be folded");
    const { at, seq, token, shiftMs, pausedUntil } = state;
    const sweepAt = finite(state.sweepAt) ?? "";
    const texts = recordTexts(state, everythingIn(state));
    return {
      meta: { at, seq, token, sweepAt, shiftMs, pausedUntil, pauseMs: this.longestSilence(state) },
      counts: {
        semaphores: state.semaphores.size,
        acquisitions: state.acquisitions.size,
        sessions: state.sessions.size,
      },
      semaphores: known(texts.semaphores),
      acquisitions: known(texts.acquisitions),
      sessions: known(texts.sessions),
      checkpoints,
      owed,
      epoch: last.epoch,
      head: last.hash,
    };
  }

  private fold(entry: StoredEntry): void {
    const number = ++this.entries;
    const { state, trimmed } =
      this.state === undefined ? begin(entry) : { state: this.state, trimmed: false };
    this.state = state;
    if (!trimmed) for (const event of eventsOf(entry)) apply(state, event, entry);
    const { seq, commands, events } = entry;
    if (number === 1 || entry.state !== undefined) {
      this.checkpoints.push({ id: historyId(seq, number), seq, at: state.steadyAt });
    }
    const written = commands.length + events.length;
    this.owed = entry.state?.length ?? Math.max(0, this.owed - written);
    this.last = entry;
  }

  /** For so long grants pause. */
  private longestSilence(state: State): number {
    let longest = this.pauseMs;
    for (const { watches } of state.sessions.values()) {
      for (const intervalMs of watches.keys()) longest = Math.max(longest, intervalMs);
    }
    return longest;
  }
}

function everythingIn(state: State): Changes {
  const all = new Changes();
  for (const { name, holders, queue } of state.semaphores.values()) {
    all.semaphores.add(name);
    const ids = [...holders, ...queue].map(({ id }) => id);
    all.acquisitions.set(name, new Set(ids));
  }
  for (const { id } of state.sessions.values()) all.sessions.add(id);
  return all;
}

function known(texts: ChangedTexts): Map<string, string> {
  const found = new Map<string, string>();
  for (const [field, text] of texts) if (text !== undefined) found.set(field, text);
  return found;
}
