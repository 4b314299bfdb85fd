/**
 * State as plain data and back. Two states are the same if their snapshots are, byte for byte;
 * a restored state decides exactly as the original would have.
 */

import { assertDefined } from "./assert.js";
import type { Terms } from "./command.js";
import { awaitHeartbeat, own, setDeadline, settle } from "./indexes.js";
import {
  AcquisitionRecord,
  type Grant,
  SemaphoreRecord,
  SessionRecord,
  State,
  steadyTime,
} from "./state.js";

/** So many records are restored in a step. */
const STEP = 1_000;

/** Plain JSON: all of the state that is not an index, lists in a fixed order. Read back in any order. */
export interface Snapshot {
  readonly at: number;
  readonly seq: number;
  readonly token: number;
  readonly sweepAt: number | null;
  readonly shiftMs: number;
  readonly pausedUntil: number;
  readonly semaphores: readonly SemaphoreSnapshot[];
  readonly sessions: readonly SessionSnapshot[];
  readonly acquisitions: readonly AcquisitionSnapshot[];
}

export interface SemaphoreSnapshot {
  readonly name: string;
  readonly declared: number;
  readonly effective: number;
  /** `null` while it is in use. */
  readonly idleSince: number | null;
}

export interface SessionSnapshot {
  readonly id: string;
  readonly applied: number;
  readonly heardAt: number;
  /** `null` while it is in use. */
  readonly idleSince: number | null;
  /** Per heartbeat interval in use: the end of the last gap in the log that was longer. */
  readonly watches: readonly { readonly intervalMs: number; readonly resumedAt: number }[];
}

export interface AcquisitionSnapshot {
  readonly id: string;
  readonly sequence: number;
  readonly semaphore: string;
  readonly session: string;
  readonly terms: Terms;
  readonly queuedAt: number;
  /** `null` where no time of its own ends it. */
  readonly deadline: number | null;
  readonly grant: Grant | null;
  readonly revoked: boolean;
}

export function snapshot(state: State): Snapshot {
  return {
    at: state.at,
    seq: state.seq,
    token: state.token,
    sweepAt: finite(state.sweepAt),
    shiftMs: state.shiftMs,
    pausedUntil: state.pausedUntil,
    semaphores: [...state.semaphores.values()]
      .sort((a, b) => byText(a.name, b.name))
      .map(snapshotSemaphore),
    sessions: [...state.sessions.values()].sort((a, b) => byText(a.id, b.id)).map(snapshotSession),
    acquisitions: [...state.acquisitions.values()]
      .sort((a, b) => a.sequence - b.sequence)
      .map(snapshotAcquisition),
  };
}

/** The state that the snapshot was taken of at the end of a step, with its indexes. */
export function restore(from: Snapshot): State {
  const steps = restoring(from);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of a few milliseconds, for who must not be busy for longer. */
export function* restoring(from: Snapshot): Generator<void, State, void> {
  const state = new State();
  state.at = from.at;
  state.seq = from.seq;
  state.token = from.token;
  state.shiftMs = from.shiftMs;
  state.pausedUntil = from.pausedUntil;
  state.steadyAt = steadyTime(state, from.at);
  yield* each(from.semaphores, ({ name, declared }) => {
    state.semaphores.add(name, new SemaphoreRecord(name, declared));
  });
  yield* each(from.sessions, ({ id }) => state.sessions.add(id, new SessionRecord(id)));
  const acquisitions = [...from.acquisitions].sort((a, b) => a.sequence - b.sequence);
  yield* each(acquisitions, (acquisition) => restoreAcquisition(state, acquisition));
  yield* each(from.semaphores, (semaphore) => restoreSemaphore(state, semaphore));
  yield* each(from.sessions, (session) => restoreSession(state, session));
  state.sweepAt = from.sweepAt ?? Infinity;
  return state;
}

function* each<T>(items: readonly T[], handle: (item: T) => void): Generator<void, void, void> {
  let count = 0;
  for (const item of items) {
    handle(item);
    if (++count % STEP === 0) yield;
  }
}

export function snapshotSemaphore(semaphore: SemaphoreRecord): SemaphoreSnapshot {
  const { name, declared, effective, idleSince } = semaphore;
  return { name, declared, effective, idleSince: finite(idleSince) };
}

export function snapshotSession(session: SessionRecord): SessionSnapshot {
  const { id, applied, heardAt, idleSince } = session;
  const watches = [...session.watches.values()]
    .map(({ intervalMs, resumedAt }) => ({ intervalMs, resumedAt }))
    .sort((a, b) => a.intervalMs - b.intervalMs);
  return { id, applied, heardAt, idleSince: finite(idleSince), watches };
}

export function snapshotAcquisition(acquisition: AcquisitionRecord): AcquisitionSnapshot {
  const { id, sequence, terms, queuedAt, revoked } = acquisition;
  const semaphore = acquisition.semaphore.name;
  const session = acquisition.session.id;
  const deadline = finite(acquisition.deadline);
  const grant = snapshotGrant(acquisition.grant);
  return { id, sequence, semaphore, session, terms, queuedAt, deadline, grant, revoked };
}

function snapshotGrant(grant: Grant | undefined): Grant | null {
  return grant ? { slot: grant.slot, token: grant.token, at: grant.at } : null;
}

function restoreAcquisition(state: State, from: AcquisitionSnapshot): void {
  const semaphore = assertDefined(
    state.semaphores.get(from.semaphore),
    "a snapshot lacks a semaphore",
  );
  const session = assertDefined(state.sessions.get(from.session), "a snapshot lacks a session");
  const queued = { acquisition: from.id, seq: from.sequence, at: from.queuedAt, terms: from.terms };
  const acquisition = new AcquisitionRecord(queued, semaphore, session);
  acquisition.grant = from.grant ?? undefined;
  acquisition.revoked = from.revoked;
  state.acquisitions.add(from.id, acquisition);
  if (from.grant) {
    semaphore.slots.take(from.grant.slot);
    semaphore.holders.push(acquisition.place);
  } else {
    semaphore.queue.push(acquisition.place);
    state.waiting++;
  }
  own(state, acquisition);
  setDeadline(state, acquisition, from.deadline ?? Infinity);
}

function restoreSemaphore(state: State, from: SemaphoreSnapshot): void {
  const semaphore = assertDefined(state.semaphores.get(from.name), "a snapshot lacks a semaphore");
  semaphore.effective = from.effective;
  settle(state, semaphore);
  semaphore.idleSince = from.idleSince ?? Infinity;
}

function restoreSession(state: State, from: SessionSnapshot): void {
  const session = assertDefined(state.sessions.get(from.id), "a snapshot lacks a session");
  session.applied = from.applied;
  session.heardAt = from.heardAt;
  for (const { intervalMs, resumedAt } of from.watches) {
    const watch = session.watches.get(intervalMs);
    if (watch) watch.resumedAt = resumedAt;
  }
  awaitHeartbeat(state, session);
  session.idleSince = from.idleSince ?? Infinity;
}

/** JSON has no Infinity. */
export function finite(time: number): number | null {
  return time < Infinity ? time : null;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
