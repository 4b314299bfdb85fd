/**
 * Keeps the indexes of the state true. Called where state is written: by `evolve`, and by
 * `restore`, which rebuilds them from a snapshot.
 */

import { ListNode } from "./list.js";
import {
  type AcquisitionRecord,
  firstSequence,
  isGrantable,
  isUnused,
  REMEMBER_MS,
  type SemaphoreRecord,
  type SessionRecord,
  type State,
  silenceOf,
  Watch,
} from "./state.js";

/** An acquisition has one deadline of its own: of the wait before the grant, of the TTL after it. */
export function setDeadline(state: State, acquisition: AcquisitionRecord, deadline: number): void {
  acquisition.deadline = deadline;
  if (deadline < Infinity) state.deadlines.put(acquisition);
  else state.deadlines.remove(acquisition);
}

/** Brings the indexes that depend on who waits and holds up to date. */
export function settle(state: State, semaphore: SemaphoreRecord): void {
  if (isGrantable(semaphore)) state.grantable.put(semaphore);
  else state.grantable.remove(semaphore);

  if (!isUnused(semaphore) || semaphore.effective !== semaphore.declared) {
    semaphore.idleSince = Infinity;
  } else {
    markIdle(state, semaphore);
  }
}

/** Nobody uses the semaphore, or the session owns nothing, from now on. */
export function markIdle(state: State, record: { idleSince: number }): void {
  record.idleSince = state.steadyAt;
  if (state.sweepAt === Infinity) state.sweepAt = state.steadyAt + REMEMBER_MS;
}

export function own(state: State, acquisition: AcquisitionRecord): void {
  const { session, terms } = acquisition;
  session.owned.push(acquisition.owned);
  session.idleSince = Infinity;
  if (terms.heartbeatMaxIntervalMs !== undefined) {
    watch(state, acquisition, terms.heartbeatMaxIntervalMs);
  }
}

export function disown(state: State, acquisition: AcquisitionRecord): void {
  const { session, terms } = acquisition;
  session.owned.remove(acquisition.owned);
  if (session.owned.size === 0) markIdle(state, session);
  if (terms.heartbeatMaxIntervalMs !== undefined) {
    unwatch(state, acquisition, terms.heartbeatMaxIntervalMs);
  }
}

function watch(state: State, acquisition: AcquisitionRecord, intervalMs: number): void {
  const { session } = acquisition;
  const entry = session.watches.get(intervalMs) ?? new Watch(intervalMs);
  session.watches.set(intervalMs, entry);
  acquisition.watched = new ListNode(acquisition);
  entry.watched.push(acquisition.watched);
  countInterval(state, intervalMs, +1);
  awaitHeartbeat(state, session);
}

function unwatch(state: State, acquisition: AcquisitionRecord, intervalMs: number): void {
  const { session, watched } = acquisition;
  const rest = watched?.remove();
  if (rest?.size === 0) session.watches.delete(intervalMs);
  countInterval(state, intervalMs, -1);
  awaitHeartbeat(state, session);
}

function countInterval(state: State, intervalMs: number, change: 1 | -1): void {
  const count = (state.intervals.get(intervalMs) ?? 0) + change;
  if (count > 0) state.intervals.set(intervalMs, count);
  else state.intervals.delete(intervalMs);
  if (change > 0) state.shortestIntervalMs = Math.min(state.shortestIntervalMs, intervalMs);
  else if (count === 0) state.shortestIntervalMs = least(state.intervals.keys());
}

function least(intervals: Iterable<number>): number {
  let least = Infinity;
  for (const intervalMs of intervals) least = Math.min(least, intervalMs);
  return least;
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
        firstSequence(watch.watched) < firstSequence(session.silent?.watched));
    if (!sooner) continue;
    session.silentAt = silentAt;
    session.silent = watch;
  }
  if (session.silentAt < Infinity) state.silences.put(session);
  else state.silences.remove(session);
}
