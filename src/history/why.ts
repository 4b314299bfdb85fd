/** Why an acquisition waits, holds, or has ended: asked by people who are called at night. */

import { assertDefined } from "../core/assert.js";
import { isPaused } from "../core/deadlines.js";
import type { Event } from "../core/event.js";
import { type AcquisitionRecord, logTime, type State, steadyTime } from "../core/state.js";
import { grantedAtLatest, grantedLikelyAt, nextStep } from "./bound.js";
import { explainEnd } from "./ended.js";
import type {
  EarlierWaiter,
  Explanation,
  HoldingExplanation,
  SlotHolder,
  WaitingExplanation,
} from "./explanation.js";
import { isOverdue, silentAt } from "./silence.js";

/**
 * Explains how it is with the acquisition at a moment.
 *
 * @param state at that moment
 * @param now log time at that moment; what is due by then and was not decided yet is told as it stands
 * @param events what is known of its semaphore and of its sessions, oldest first; events after `state` do not count. For
 *   one that is live, those about itself are enough. For one that has ended, those of its semaphore tell who held the
 *   slots, and those of its session when that was last heard.
 */
export function why(state: State, now: number, id: string, events: Iterable<Event>): Explanation {
  const known = [...events].filter(({ seq }) => seq <= state.seq);
  const record = state.acquisitions.get(id);
  if (record?.grant) return explainHolding(state, now, record, known);
  if (record) return explainWaiting(state, now, record);
  return explainEnd(now, id, known) ?? { kind: "unknown", id, at: now, keptFrom: known[0]?.seq };
}

function explainWaiting(state: State, at: number, waiter: AcquisitionRecord): WaitingExplanation {
  const { semaphore, session, queuedAt } = waiter;
  const now = steadyTime(state, at);
  const ahead: EarlierWaiter[] = [];
  for (const one of semaphore.queue) {
    if (one === waiter) break;
    const { id, session, queuedAt, deadline } = one;
    ahead.push({ id, session: session.id, queuedAt, expiresAt: timeOrNone(state, deadline) });
  }
  const holders = [...semaphore.holders].map((holder) => toHolder(state, at, holder));
  return {
    kind: "waiting",
    ...{ id: waiter.id, at, semaphore: semaphore.name, session: session.id },
    queuedAt,
    waitedMs: at - queuedAt,
    position: ahead.length + 1,
    slots: semaphore.effective,
    declared: semaphore.declared,
    ahead,
    holders: holders.sort((a, b) => a.slotNumber - b.slotNumber),
    pausedUntil: isPaused(state, now) ? logTime(state, state.pausedUntil) : undefined,
    givesUpAt: timeOrNone(state, waiter.deadline),
    silentAt: timeOrNone(state, silentAt(waiter)),
    next: nextStep(state, semaphore, now),
    grantedAtLatest: grantedAtLatest(state, waiter, now),
    grantedLikelyAt: grantedLikelyAt(state, waiter, now),
  };
}

function explainHolding(
  state: State,
  at: number,
  record: AcquisitionRecord,
  events: readonly Event[],
): HoldingExplanation {
  const { id, semaphore, session, queuedAt } = record;
  const revocations = events.filter((event) => event.type === "revoked");
  return {
    kind: "holding",
    ...{ id, at, semaphore: semaphore.name, session: session.id },
    queuedAt,
    holder: toHolder(state, at, record),
    fencingToken: grantOf(record).token,
    revokedBy: revocations.findLast(({ acquisition }) => acquisition === id),
    waiting: semaphore.queue.size,
  };
}

function toHolder(state: State, now: number, record: AcquisitionRecord): SlotHolder {
  const { id, session, deadline, revoked } = record;
  const { slot, at } = grantOf(record);
  return {
    id,
    session: session.id,
    slotNumber: slot,
    grantedAt: at,
    heldMs: now - at,
    expiresAt: timeOrNone(state, deadline),
    heardAt: logTime(state, session.heardAt),
    silentAt: timeOrNone(state, silentAt(record)),
    overdue: isOverdue(record, steadyTime(state, now)),
    revoked,
  };
}

function grantOf({ grant }: AcquisitionRecord) {
  return assertDefined(grant, "a holder without a grant");
}

function timeOrNone(state: State, steady: number): number | undefined {
  return steady < Infinity ? logTime(state, steady) : undefined;
}
