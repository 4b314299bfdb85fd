/** Commits that stand for themselves, and promises that a test keeps when it wants to. */

import { snapshot } from "../../src/core/snapshot.js";
import { State } from "../../src/core/state.js";
import type { Commit, CommitResult, Loaded, LogTime, Position, Term } from "../../src/ports.js";

/** Of a server whose clock was never set back. */
export function timeOf(at: number): LogTime {
  return { at, clockAt: at };
}

export const TERM: Term = { candidate: "c", epoch: 7, leaseMs: 1_000, ...timeOf(1_000_000) };

/** Data in which nothing has happened yet. */
export const LOADED: Loaded = {
  epoch: TERM.epoch,
  commit: 0,
  snapshot: snapshot(new State()),
  cursor: "0-0",
  head: "",
  checkpoints: [],
  owed: 0,
  told: new Map(),
  restarted: false,
  pauseMs: 15_000,
};

export function commit(number: number): Commit {
  return {
    number,
    from: `${number - 1}-0`,
    to: `${number}-0`,
    at: number,
    seq: number,
    token: 0,
    sweepAt: null,
    shiftMs: 0,
    pausedUntil: 0,
    pauseMs: 0,
    restarted: false,
    counts: { semaphores: 0, acquisitions: 0, sessions: 0 },
    semaphores: new Map(),
    acquisitions: new Map(),
    sessions: new Map(),
    history: { seq: number, commands: "[]", events: "[]", hash: "" },
    checkpoints: undefined,
    owed: 0,
    trimTo: undefined,
    messages: new Map(),
  };
}

interface Sent {
  readonly commit: Commit;
  answer(result: CommitResult): void;
  fail(error: unknown): void;
}

/** The part of a store that takes commits. What it answers, and when, the test says. */
export class ScriptedStore {
  /** In order of the calls, also those that were answered. */
  readonly sent: Sent[] = [];
  position_: Position = { epoch: TERM.epoch, commit: 0 };

  commit(_term: Term, commit: Commit): Promise<CommitResult> {
    return new Promise((resolve, reject) => {
      this.sent.push({ commit, answer: resolve, fail: reject });
    });
  }

  async position(): Promise<Position> {
    return this.position_;
  }

  get numbers(): number[] {
    return this.sent.map(({ commit }) => commit.number);
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
