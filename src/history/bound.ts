/**
 * When a waiter has a slot at the latest. Whoever holds or is served before has a time of his own that ends it, or nothing is
 * known. In a queue that is served in order, nobody is later because somebody before him is earlier, so it is enough to
 * take for everybody the latest that can be. And when it is likely: by the same rule, but whoever should have been heard by
 * now holds no longer than he may be silent.
 */

import { Heap, type HeapItem } from "../core/heap.js";
import {
  type AcquisitionRecord,
  isGrantable,
  logTime,
  type SemaphoreRecord,
  type State,
} from "../core/state.js";
import type { NextStep } from "./explanation.js";
import { isOverdue, silentAt } from "./silence.js";

/** When a holder has let go, in steady time. */
type EndOf = (holder: AcquisitionRecord) => number;

/** A slot, and the steady time when it is free at the latest. */
class Slot implements HeapItem {
  heapIndex = -1;

  constructor(public freeAt: number) {}
}

/** What must come before the next grant of the semaphore. `now` is steady time; answers are log time. */
export function nextStep(state: State, semaphore: SemaphoreRecord, now: number): NextStep {
  const { effective, holders } = semaphore;
  if (effective === 0) return { what: "resize", count: 1, atLatest: undefined };
  if (isGrantable(semaphore)) {
    const paused = now < state.pausedUntil;
    const atLatest = logTime(state, Math.max(now, state.pausedUntil));
    return { what: paused ? "pause-ends" : "grant", count: 1, atLatest };
  }
  const count = holders.size - effective + 1;
  const by = (endOf: EndOf) => Math.max(now, endsOf(semaphore, endOf)[count - 1] ?? Infinity);
  const [latest, likely] = [by(latestEnd), by(likelyEnd(now))];
  return {
    what: "release",
    count,
    atLatest: timeOrNone(state, latest),
    likelyAt: likely < latest ? logTime(state, likely) : undefined,
  };
}

/** Log time when this waiter has a slot at the latest; `undefined` if nothing bounds it. `now` is steady time. */
export function grantedAtLatest(
  state: State,
  waiter: AcquisitionRecord,
  now: number,
): number | undefined {
  return timeOrNone(state, grantedBy(state, waiter, now, latestEnd));
}

/** Log time when it has one if holders that have fallen silent stay so; `undefined` if that is no earlier, or not known. */
export function grantedLikelyAt(
  state: State,
  waiter: AcquisitionRecord,
  now: number,
): number | undefined {
  const likely = grantedBy(state, waiter, now, likelyEnd(now));
  const isEarlier = likely < grantedBy(state, waiter, now, latestEnd);
  return isEarlier ? logTime(state, likely) : undefined;
}

/** In steady time; `Infinity` if nothing bounds it. */
function grantedBy(state: State, waiter: AcquisitionRecord, now: number, endOf: EndOf): number {
  const slots = freeSlots(waiter.semaphore, now, endOf);
  for (const one of waiter.semaphore.queue) {
    const slot = slots.peek();
    if (slot === undefined || slot.freeAt === Infinity) return Infinity;
    const grantedAt = Math.max(slot.freeAt, state.pausedUntil);
    if (one === waiter) return grantedAt;
    // If it is granted at all, then while it still waits; if it gave up, the slot is as free as before.
    const heldFrom = Math.min(grantedAt, one.deadline);
    slot.freeAt = Math.max(grantedAt, heldFrom + (one.terms.ttlMs ?? Infinity));
    slots.put(slot);
  }
  return Infinity;
}

/** As many as there are to give: after a shrink, the first that come back are not. */
function freeSlots(semaphore: SemaphoreRecord, now: number, endOf: EndOf): Heap<Slot> {
  const { effective, holders } = semaphore;
  const slots = new Heap<Slot>((a, b) => a.freeAt < b.freeAt);
  const debt = Math.max(0, holders.size - effective);
  for (const end of endsOf(semaphore, endOf).slice(debt)) slots.put(new Slot(Math.max(end, now)));
  for (
    let free = holders.size;
    free < effective && free < holders.size + semaphore.queue.size;
    free++
  ) {
    slots.put(new Slot(now));
  }
  return slots;
}

/** When its holders have let go, in steady time, the first ones first. */
function endsOf({ holders }: SemaphoreRecord, endOf: EndOf): number[] {
  return [...holders].map(endOf).sort((a, b) => a - b);
}

function latestEnd({ deadline }: AcquisitionRecord): number {
  return deadline;
}

function likelyEnd(now: number): EndOf {
  return (holder) =>
    isOverdue(holder, now) ? Math.min(holder.deadline, silentAt(holder)) : holder.deadline;
}

function timeOrNone(state: State, steady: number): number | undefined {
  return steady < Infinity ? logTime(state, steady) : undefined;
}
