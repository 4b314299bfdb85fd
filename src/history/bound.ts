/**
 * When a waiter has a slot at the latest. Whoever holds or is served before has a time of his own that ends it, or nothing is
 * known. In a queue that is served in order, nobody is later because somebody before him is earlier, so it is enough to
 * take for everybody the latest that can be.
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
  const last = Math.max(now, endsOf(semaphore)[count - 1] ?? Infinity);
  return { what: "release", count, atLatest: last < Infinity ? logTime(state, last) : undefined };
}

/** Log time when this waiter has a slot at the latest; `undefined` if nothing bounds it. `now` is steady time. */
export function grantedAtLatest(
  state: State,
  waiter: AcquisitionRecord,
  now: number,
): number | undefined {
  const slots = freeSlots(waiter.semaphore, now);
  for (const one of waiter.semaphore.queue) {
    const slot = slots.peek();
    if (slot === undefined || slot.freeAt === Infinity) return undefined;
    const grantedAt = Math.max(slot.freeAt, state.pausedUntil);
    if (one === waiter) return logTime(state, grantedAt);
    // If it is granted at all, then while it still waits; if it gave up, the slot is as free as before.
    const heldFrom = Math.min(grantedAt, one.deadline);
    slot.freeAt = Math.max(grantedAt, heldFrom + (one.terms.ttlMs ?? Infinity));
    slots.put(slot);
  }
  return undefined;
}

/** As many as there are to give: after a shrink, the first that come back are not. */
function freeSlots(semaphore: SemaphoreRecord, now: number): Heap<Slot> {
  const { effective, holders } = semaphore;
  const slots = new Heap<Slot>((a, b) => a.freeAt < b.freeAt);
  const debt = Math.max(0, holders.size - effective);
  for (const end of endsOf(semaphore).slice(debt)) slots.put(new Slot(Math.max(end, now)));
  for (
    let free = holders.size;
    free < effective && free < holders.size + semaphore.queue.size;
    free++
  ) {
    slots.put(new Slot(now));
  }
  return slots;
}

/** When its holders have let go at the latest, in steady time, the first ones first. */
function endsOf({ holders }: SemaphoreRecord): number[] {
  return [...holders].map(({ deadline }) => deadline).sort((a, b) => a - b);
}
