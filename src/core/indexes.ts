/**
 * Keeps the indexes of the state true. Called where state is written: by `evolve`, and by
 * `restore`, which rebuilds them from a snapshot.
 */

import {
  type AcquisitionRecord,
  firstSequence,
  isGrantable,
  isUnused,
  type SemaphoreRecord,
  type SessionRecord,
  type State,
  silenceOf,
  Watch,
} from "./state.js";

/** An acquisition has one deadline of its own: of the wait before the grant, of the TTL after it. */
export function setDeadline(state: State, acquisition: AcquisitionRecord): void {
  const { terms, grant, queuedAt } = acquisition;
  const ms = grant ? terms.ttlMs : terms.maxAcquireTimeMs;
  if (ms === undefined) {
    acquisition.deadline = Infinity;
    state.deadlines.remove(acquisition);
  } else {
    acquisition.deadline = (grant ? grant.at : queuedAt) + ms;
    state.deadlines.put(acquisition);
  }
}

/** Brings the indexes that depend on who waits and holds up to date. */
export function settle(state: State, semaphore: SemaphoreRecord): void {
  if (isGrantable(semaphore)) state.grantable.put(semaphore);
  else state.grantable.remove(semaphore);

  if (!isUnused(semaphore) || semaphore.effective !== semaphore.declared) {
    state.idleSemaphores.remove(semaphore.idle);
  } else {
    semaphore.idleSince = state.at;
    semaphore.idleSeq = state.seq;
    state.idleSemaphores.push(semaphore.idle);
  }
}

export function idle(state: State, session: SessionRecord): void {
  session.idleSince = state.at;
  session.idleSeq = state.seq;
  state.idleSessions.push(session.idle);
}

export function own(state: State, acquisition: AcquisitionRecord): void {
  const { session, terms } = acquisition;
  const intervalMs = terms.heartbeatMaxIntervalMs ?? Infinity;
  session.owns++;
  state.idleSessions.remove(session.idle);
  const watch = session.watches.get(intervalMs) ?? new Watch(intervalMs);
  session.watches.set(intervalMs, watch);
  watch.owned.push(acquisition.owned);
  if (intervalMs === Infinity) return;
  countInterval(state, intervalMs, +1);
  awaitHeartbeat(state, session);
}

export function disown(state: State, acquisition: AcquisitionRecord): void {
  const { session, terms, owned } = acquisition;
  const intervalMs = terms.heartbeatMaxIntervalMs ?? Infinity;
  session.owns--;
  if (session.owns === 0) idle(state, session);
  const rest = owned.list;
  rest?.remove(owned);
  if (intervalMs === Infinity) return;
  if (rest?.size === 0) session.watches.delete(intervalMs);
  countInterval(state, intervalMs, -1);
  awaitHeartbeat(state, session);
}

function countInterval(state: State, intervalMs: number, change: 1 | -1): void {
  const count = (state.intervals.get(intervalMs) ?? 0) + change;
  if (count > 0) state.intervals.set(intervalMs, count);
  else state.intervals.delete(intervalMs);
  if (change > 0) state.shortestIntervalMs = Math.min(state.shortestIntervalMs, intervalMs);
  else if (count === 0) state.shortestIntervalMs = Math.min(...state.intervals.keys());
}

/** Brings up to date when the silence of the session ends something, and what comes first then. */
export function awaitHeartbeat(state: State, session: SessionRecord): void {
  session.silentAt = Infinity;
  session.silent = undefined;
  for (const watch of session.watches.values()) {
    const silentAt = silenceOf(session, watch);
    const sooner =
      silentAt < session.silentAt ||
      (silentAt === session.silentAt &&
        firstSequence(watch.owned) < firstSequence(session.silent?.owned));
    if (!sooner) continue;
    session.silentAt = silentAt;
    session.silent = watch;
  }
  if (session.silentAt < Infinity) state.silences.put(session);
  else state.silences.remove(session);
}
