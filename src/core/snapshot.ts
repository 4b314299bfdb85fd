/**
 * State as plain data and back. Two states are the same if their snapshots are, byte for byte;
 * a restored state decides exactly as the original would have.
 */

import { assertDefined } from "./assert.js";
import type { Terms } from "./command.js";
import { awaitHeartbeat, own, setDeadline, settle } from "./indexes.js";
import { AcquisitionRecord, type Grant, SemaphoreRecord, SessionRecord, State } from "./state.js";

/** Plain JSON: all of the state that is not an index, lists in a fixed order. */
export interface Snapshot {
  readonly at: number;
  readonly seq: number;
  readonly token: number;
  readonly sweepAt: number | null;
  readonly semaphores: readonly SemaphoreSnapshot[];
  readonly sessions: readonly SessionSnapshot[];
  readonly acquisitions: readonly AcquisitionSnapshot[];
}

interface SemaphoreSnapshot {
  readonly name: string;
  readonly declared: number;
  readonly effective: number;
  /** `null` while it is in use. */
  readonly idleSince: number | null;
}

interface SessionSnapshot {
  readonly id: string;
  readonly applied: number;
  readonly heardAt: number;
  /** `null` while it is in use. */
  readonly idleSince: number | null;
  /** Per heartbeat interval in use: the end of the last gap in the log that was longer. */
  readonly watches: readonly { readonly intervalMs: number; readonly resumedAt: number }[];
}

interface AcquisitionSnapshot {
  readonly id: string;
  readonly sequence: number;
  readonly semaphore: string;
  readonly session: string;
  readonly terms: Terms;
  readonly queuedAt: number;
  readonly grant: Grant | null;
  readonly revoked: boolean;
}

export function snapshot(state: State): Snapshot {
  return {
    at: state.at,
    seq: state.seq,
    token: state.token,
    sweepAt: finite(state.sweepAt),
    semaphores: [...state.semaphores.values()]
      .sort((a, b) => byText(a.name, b.name))
      .map(snapshotSemaphore),
    sessions: [...state.sessions.values()].sort((a, b) => byText(a.id, b.id)).map(snapshotSession),
    acquisitions: [...state.acquisitions.values()]
      .sort((a, b) => a.sequence - b.sequence)
      .map(snapshotAcquisition),
  };
}

/** The state that the snapshot was taken of, with its indexes. */
export function restore(from: Snapshot): State {
  const state = new State();
  state.at = from.at;
  state.seq = from.seq;
  state.token = from.token;
  for (const { name, declared } of from.semaphores) {
    state.semaphores.add(name, new SemaphoreRecord(name, declared));
  }
  for (const { id } of from.sessions) state.sessions.add(id, new SessionRecord(id));
  for (const acquisition of from.acquisitions) restoreAcquisition(state, acquisition);
  const granted = [...state.acquisitions.values()].sort((a, b) => tokenOf(a) - tokenOf(b));
  for (const { semaphore, place, grant } of granted) if (grant) semaphore.holders.push(place);
  for (const semaphore of from.semaphores) restoreSemaphore(state, semaphore);
  for (const session of from.sessions) restoreSession(state, session);
  state.sweepAt = from.sweepAt ?? Infinity;
  return state;
}

function snapshotSemaphore(semaphore: SemaphoreRecord): SemaphoreSnapshot {
  const { name, declared, effective, idleSince } = semaphore;
  return { name, declared, effective, idleSince: finite(idleSince) };
}

function snapshotSession(session: SessionRecord): SessionSnapshot {
  const { id, applied, heardAt, idleSince } = session;
  const watches = [...session.watches.values()]
    .map(({ intervalMs, resumedAt }) => ({ intervalMs, resumedAt }))
    .sort((a, b) => a.intervalMs - b.intervalMs);
  return { id, applied, heardAt, idleSince: finite(idleSince), watches };
}

function snapshotAcquisition(acquisition: AcquisitionRecord): AcquisitionSnapshot {
  const { id, sequence, terms, queuedAt, revoked } = acquisition;
  const semaphore = acquisition.semaphore.name;
  const session = acquisition.session.id;
  const grant = snapshotGrant(acquisition.grant);
  return { id, sequence, semaphore, session, terms, queuedAt, grant, revoked };
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
  if (from.grant) semaphore.slots.take(from.grant.slot);
  else semaphore.queue.push(acquisition.place);
  if (!from.grant) state.waiting++;
  own(state, acquisition);
  setDeadline(state, acquisition);
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
function finite(time: number): number | null {
  return time < Infinity ? time : null;
}

function tokenOf(acquisition: AcquisitionRecord): number {
  return acquisition.grant?.token ?? 0;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
