/** What can be asked of a state: stats, holders, waiters, and whether it is locked. */

import { expect, test } from "vitest";
import { State } from "../../src/core/state.js";
import { holdersOf, isLocked, statsOf, waitersOf } from "../../src/core/views.js";
import { acquire, reassert, release, resize, revoke } from "../support/commands.js";
import { Partition } from "../support/partition.js";

const ALL = { limit: 100 };

test("stats: the fullest first, then by name", () => {
  const { state } = new Partition().given(
    acquire("a", { on: "half", value: 2 }),
    acquire("b", { on: "full-b" }),
    acquire("c", { on: "full-a" }),
    acquire("d", { on: "full-a" }),
    acquire("e", { on: "full-c" }),
  );
  expect(statsOf(state, ALL)).toEqual([
    ["full-a", { acquiredSlots: 1, maxSlots: 1, acquiredPercent: 100, queued: 1 }],
    ["full-b", { acquiredSlots: 1, maxSlots: 1, acquiredPercent: 100, queued: 0 }],
    ["full-c", { acquiredSlots: 1, maxSlots: 1, acquiredPercent: 100, queued: 0 }],
    ["half", { acquiredSlots: 1, maxSlots: 2, acquiredPercent: 50, queued: 0 }],
  ]);
  expect(statsOf(state, { limit: 1 }).map(([name]) => name)).toEqual(["full-a"]);
});

test("stats: idle semaphores only when named, unknown ones never", () => {
  const { state } = new Partition().given(acquire("a"), release("a"));
  expect(statsOf(state, ALL)).toEqual([]);
  expect(statsOf(state, { ...ALL, names: ["api", "api", "unknown"] })).toEqual([
    ["api", { acquiredSlots: 0, maxSlots: 1, acquiredPercent: 0, queued: 0 }],
  ]);
});

test("stats: a debt is more than all, and a paused semaphore is full when somebody wants it", () => {
  const indebted = new Partition().given(
    acquire("a", { value: 2 }),
    acquire("b", { value: 2 }),
    resize("api", 1),
  );
  expect(statsOf(indebted.state, ALL)[0]?.[1].acquiredPercent).toBe(200);
  const paused = new Partition().given(resize("api", 0, { declared: 1 }));
  expect(statsOf(paused.state, { ...ALL, names: ["api"] })[0]?.[1].acquiredPercent).toBe(0);
  paused.given(acquire("a"));
  expect(statsOf(paused.state, ALL)[0]?.[1].acquiredPercent).toBe(100);
  const held = new Partition().given(acquire("a"), resize("api", 0));
  expect(statsOf(held.state, ALL)[0]?.[1].acquiredPercent).toBe(100);
});

test("holders, with what they were asked with", () => {
  const partition = new Partition().given(acquire("first", { value: 2 }), release("first"));
  partition
    .at(2_000)
    .given(
      acquire("a", { value: 2, ttlMs: 30_000, metadata: { job: "7" } }),
      acquire("b", { value: 2, by: "0-t" }),
      revoke("b"),
    );
  const both = { queuedAt: 2_000, grantedAt: 2_000 };
  expect(holdersOf(partition.state, "api")).toEqual([
    {
      ...both,
      id: "a",
      session: "0-s",
      slotNumber: 0,
      fencingToken: 2_000_000,
      expiresAt: 32_000,
      revoked: false,
      metadata: { job: "7" },
    },
    {
      ...both,
      id: "b",
      session: "0-t",
      slotNumber: 1,
      fencingToken: 2_000_001,
      expiresAt: undefined,
      revoked: true,
      metadata: {},
    },
  ]);
});

test("a holder that was forgotten is one again, as it was, in order of the tokens", () => {
  const partition = new Partition().at(8_000);
  partition.lead({ type: "restart", pauseMs: 9_000 });
  const times = { queuedAt: 4_000, grantedAt: 7_000 };
  partition.given(
    reassert("late", { value: 3, slot: 0, token: 7_000_001, ...times }),
    reassert("early", {
      ...{ value: 3, slot: 2, token: 7_000_000, ...times, by: "0-t" },
      ...{ ttlMs: 30_000, ttlLeftMs: 29_500, metadata: { job: "7" } },
    }),
  );
  expect(holdersOf(partition.state, "api")).toEqual([
    {
      ...times,
      id: "early",
      session: "0-t",
      slotNumber: 2,
      fencingToken: 7_000_000,
      expiresAt: 37_500,
      revoked: false,
      metadata: { job: "7" },
    },
    {
      ...times,
      id: "late",
      session: "0-s",
      slotNumber: 0,
      fencingToken: 7_000_001,
      expiresAt: undefined,
      revoked: false,
      metadata: {},
    },
  ]);
  expect(statsOf(partition.state, ALL)).toEqual([
    ["api", { acquiredSlots: 2, maxSlots: 3, acquiredPercent: 200 / 3, queued: 0 }],
  ]);
});

test("what goes over to another session is told under its name, and stays revoked", () => {
  const partition = new Partition().given(acquire("a"), revoke("a"));
  partition.at(500).given(reassert("a", { slot: 0, token: 1, by: "0-t" }));
  expect(holdersOf(partition.state, "api")).toMatchObject([
    { id: "a", session: "0-t", slotNumber: 0, fencingToken: 1, revoked: true },
  ]);
});

test("waiters, by their position", () => {
  const partition = new Partition().given(acquire("a"));
  partition
    .at(500)
    .given(
      acquire("b", { by: "0-t", maxAcquireTimeMs: 1_000 }),
      acquire("c", { metadata: { job: "8" } }),
    );
  const both = { queuedAt: 500 };
  expect(waitersOf(partition.state, "api")).toEqual([
    { ...both, id: "b", session: "0-t", position: 1, expiresAt: 1_500, metadata: {} },
    { ...both, id: "c", session: "0-s", position: 2, expiresAt: undefined, metadata: { job: "8" } },
  ]);
});

test("an unknown semaphore has neither holders nor waiters", () => {
  expect(holdersOf(new State(), "api")).toEqual([]);
  expect(waitersOf(new State(), "api")).toEqual([]);
});

test("a semaphore is locked while an acquire would have to wait", () => {
  const partition = new Partition();
  const locked = () => isLocked(partition.state, "api");
  expect(locked()).toBe(false);
  partition.given(acquire("a"));
  expect(locked()).toBe(true);
  partition.given(acquire("b"), release("a"));
  expect(locked()).toBe(true);
  partition.given(release("b"));
  expect(locked()).toBe(false);
  partition.given(resize("api", 0));
  expect(locked()).toBe(true);
});

test("what is to come has moved with the clock, what is past is told as it was", () => {
  const partition = new Partition().given(
    acquire("a", { ttlMs: 30_000 }),
    acquire("b", { maxAcquireTimeMs: 20_000 }),
  );
  partition.at(3_600_000).lead({ type: "rebase", byMs: 3_600_000 });
  expect(holdersOf(partition.state, "api")).toMatchObject([
    { id: "a", queuedAt: 0, grantedAt: 0, expiresAt: 3_630_000 },
  ]);
  expect(waitersOf(partition.state, "api")).toMatchObject([
    { id: "b", queuedAt: 0, expiresAt: 3_620_000 },
  ]);
});

test("while grants pause, every semaphore is locked, known or not", () => {
  const partition = new Partition().given(acquire("a", { value: 2 }));
  const { state } = partition;
  partition.lead({ type: "restart", pauseMs: 9_000 });
  const locked = (at?: number) => [isLocked(state, "api", at), isLocked(state, "unknown", at)];
  expect(locked()).toEqual([true, true]);
  // Nobody waits, so no tick comes at the end of the pause: then the state is older than the question.
  expect(locked(8_999)).toEqual([true, true]);
  expect(locked(9_000)).toEqual([false, false]);
});
