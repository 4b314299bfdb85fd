/**
 * Time: what is due at a moment, and when the next moment comes. Nothing happens by itself;
 * `decide` asks what is due, drivers ask when to send the next tick. `now` is steady time.
 */

import { type AcquisitionRecord, logTime, REMEMBER_MS, type State } from "./state.js";

/** What time ends: an acquisition, by its own deadline or by the silence of its session. */
export interface Due {
  readonly acquisition: AcquisitionRecord;
  readonly deadline: number;
  readonly because: "deadline" | "silence";
}

/** The first of what is due, in order of (deadline, acquire sequence). */
export function firstDue(state: State, now: number): Due | undefined {
  const timed = dueByDeadline(state, now);
  const silent = dueBySilence(state, now);
  if (!timed || !silent) return timed ?? silent;
  return isBefore(silent, timed) ? silent : timed;
}

function dueByDeadline(state: State, now: number): Due | undefined {
  const acquisition = state.deadlines.peek();
  if (acquisition === undefined || acquisition.deadline > now) return undefined;
  return { acquisition, deadline: acquisition.deadline, because: "deadline" };
}

function dueBySilence(state: State, now: number): Due | undefined {
  const session = state.silences.peek();
  const acquisition = session?.silent?.watched.head?.value;
  if (session === undefined || acquisition === undefined || session.silentAt > now)
    return undefined;
  return { acquisition, deadline: session.silentAt, because: "silence" };
}

function isBefore(a: Due, b: Due): boolean {
  if (a.deadline !== b.deadline) return a.deadline < b.deadline;
  return a.acquisition.sequence < b.acquisition.sequence;
}

/** The log was silent for longer than a heartbeat interval in use, so nobody could be heard. */
export function isGap(state: State, now: number): boolean {
  return now - state.steadyAt > state.shortestIntervalMs;
}

/** The data may have lost its last moments, and not every session can have noticed yet. */
export function isPaused(state: State, now: number): boolean {
  return now < state.pausedUntil;
}

/** Whether nobody used the semaphore or heard the session for so long that it may be forgotten. */
export function isForgettable(record: { readonly idleSince: number }, now: number): boolean {
  return record.idleSince + REMEMBER_MS <= now;
}

/**
 * When time alone will make something happen, in log time; `undefined` when it never will.
 * A driver sends a tick then, or later.
 *
 * Silence counts only where the log was heard (`isGap`). So that nobody outlives his silence
 * because all are silent, a tick is due as well when half the shortest interval has passed.
 */
export function nextDeadline(state: State): number | undefined {
  const deadline = Math.min(
    state.deadlines.peek()?.deadline ?? Infinity,
    state.silences.peek()?.silentAt ?? Infinity,
    state.steadyAt + Math.ceil(state.shortestIntervalMs / 2),
    state.sweepAt,
    state.grantable.size > 0 ? state.pausedUntil : Infinity,
  );
  return deadline < Infinity ? logTime(state, deadline) : undefined;
}
