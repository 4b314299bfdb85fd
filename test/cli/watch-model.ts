/** What `slotstream watch` shall show: a fixed model for tests of its drawing. */

import type { View } from "../../src/cli/watch/model.js";
import type { Event, Holder, Waiter } from "../../src/index.js";

const NOW = Date.UTC(2026, 10, 23, 3, 12);

export function holder(slotNumber: number, more: Partial<Holder> = {}): Holder {
  return {
    id: `h-${slotNumber}`,
    session: "s",
    slotNumber,
    fencingToken: slotNumber + 1,
    queuedAt: NOW - 65_000,
    grantedAt: NOW - 65_000,
    revoked: false,
    metadata: { host: "web-1" },
    ...more,
  };
}

export function waiter(position: number, more: Partial<Waiter> = {}): Waiter {
  return {
    id: `w-${position}`,
    session: "s",
    position,
    queuedAt: NOW - 4_321,
    metadata: {},
    ...more,
  };
}

export const EVENTS: readonly Event[] = [
  { seq: 2, at: NOW - 65_000, type: "granted", ...about("deploy", "h-0"), slot: 0, token: 1 },
  { seq: 1, at: NOW - 65_001, type: "queued", ...about("deploy", "h-0"), ...queued() },
];

/** One semaphore of each kind: with a queue, full, half full. The first one is chosen. */
export function view(more: Partial<View> = {}): View {
  return {
    address: "redis://redis:6379",
    namespace: "slotstream",
    status: {
      now: NOW,
      seq: 7,
      leader: { candidate: "Vt3x", epoch: "1763867520000000" },
      pausedUntil: 0,
    },
    outage: undefined,
    rate: 12.34,
    semaphores: [
      { name: "deploy", held: 1, slots: 1, queued: 2 },
      { name: "full", held: 10, slots: 10, queued: 0 },
      { name: "half", held: 50, slots: 100, queued: 0 },
    ],
    chosen: "deploy",
    detail: { name: "deploy", holders: [holder(0)], waiters: [waiter(1), waiter(2)] },
    events: EVENTS,
    notice: undefined,
    isPaused: false,
    showsHelp: false,
    ...more,
  };
}

function about(semaphore: string, acquisition: string) {
  return { semaphore, acquisition, session: "s" };
}

function queued() {
  return { number: 1, value: 1, position: 1, terms: {} };
}
