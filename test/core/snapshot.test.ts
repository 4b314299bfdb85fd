/** State as plain data. (That a restored state goes on as the original: properties.test.ts, and every Partition.) */

import { expect, test } from "vitest";
import { assertDefined } from "../../src/core/assert.js";
import { TICK } from "../../src/core/command.js";
import { nextDeadline } from "../../src/core/deadlines.js";
import {
  restore,
  restoring,
  snapshot,
  snapshotAcquisition,
  snapshotSemaphore,
  snapshotSession,
} from "../../src/core/snapshot.js";
import { State } from "../../src/core/state.js";
import { fold, step } from "../../src/core/step.js";
import { acquire, heartbeat, release, resize, revoke } from "../support/commands.js";
import { bytesOf, Partition } from "../support/partition.js";

const busy = () =>
  new Partition().given(
    acquire("z", { on: "zoo", by: "0-t", heartbeatMaxIntervalMs: 9_000 }),
    acquire("a", { ttlMs: 5_000, heartbeatMaxIntervalMs: 3_000 }),
    acquire("b", { metadata: { job: "7" } }),
    revoke("a"),
  );

test("an empty state is written down and read back", () => {
  expect(bytesOf(restore(snapshot(new State())))).toBe(bytesOf(new State()));
});

test("it is plain JSON, and says all that is not an index", () => {
  const { state } = busy();
  const written = snapshot(state);
  expect(JSON.parse(JSON.stringify(written))).toEqual(written);
  const partition = { at: 0, seq: 6, token: 2, sweepAt: 60_000, shiftMs: 0, pausedUntil: 0 };
  expect(written).toMatchObject(partition);
  expect(written.semaphores).toEqual([
    { name: "api", declared: 1, effective: 1, idleSince: null },
    { name: "zoo", declared: 1, effective: 1, idleSince: null },
  ]);
  expect(written.sessions).toEqual([
    {
      id: "0-s",
      applied: 3,
      heardAt: 0,
      idleSince: null,
      watches: [{ intervalMs: 3_000, resumedAt: 0 }],
    },
    {
      id: "0-t",
      applied: 1,
      heardAt: 0,
      idleSince: null,
      watches: [{ intervalMs: 9_000, resumedAt: 0 }],
    },
  ]);
  expect(written.acquisitions).toMatchObject([
    { id: "z", sequence: 1, deadline: null, grant: { slot: 0, token: 1, at: 0 }, revoked: false },
    { id: "a", sequence: 3, deadline: 5_000, grant: { slot: 0, token: 2, at: 0 }, revoked: true },
    { id: "b", sequence: 5, grant: null, terms: { metadata: { job: "7" } } },
  ]);
});

test("records come in any order, and with more in them than they need", () => {
  const partition = busy().given(acquire("c", { heartbeatMaxIntervalMs: 3_000 }));
  const written = snapshot(partition.state);
  const more = <T>(record: T): T => ({ ...record, held: 1, added: "later" });
  const shuffled = {
    ...written,
    semaphores: written.semaphores.map(more).reverse(),
    sessions: written.sessions.map(more).reverse(),
    acquisitions: written.acquisitions.map(more).reverse(),
  };
  const restored = restore(shuffled);
  expect(bytesOf(restored)).toBe(JSON.stringify(written));
  expect(JSON.stringify(step(restored, TICK, 3_000))).toBe(
    JSON.stringify(step(partition.state, TICK, 3_000)),
  );
});

test("a large one is restored, in steps where they are asked for", () => {
  const state = new State();
  for (let count = 1; count <= 2_500; count++) {
    step(state, { ...acquire(`a${count}`), number: count }, 1);
  }
  expect(bytesOf(restore(snapshot(state)))).toBe(bytesOf(state));
  const steps = restoring(snapshot(state));
  expect(steps.next().done).toBe(false);
  expect(steps.next().done).toBe(false);
  const last = steps.next();
  expect(last.done && bytesOf(last.value)).toBe(bytesOf(state));
});

test("its parts are written one by one as in the whole", () => {
  const { state } = busy();
  const { semaphores, sessions, acquisitions } = snapshot(state);
  const one = {
    semaphore: snapshotSemaphore(assertDefined(state.semaphores.get("api"), "api")),
    session: snapshotSession(assertDefined(state.sessions.get("0-s"), "0-s")),
    acquisition: snapshotAcquisition(assertDefined(state.acquisitions.get("z"), "z")),
  };
  expect(one).toEqual({
    semaphore: semaphores[0],
    session: sessions[0],
    acquisition: acquisitions[0],
  });
});

test("a jump of the clock, a pause, and deadlines outlive it", () => {
  const partition = busy();
  partition.at(3_600_500).lead({ type: "rebase", byMs: 3_600_000 });
  partition.lead({ type: "restart", pauseMs: 9_000 });
  partition.reload();
  expect(snapshot(partition.state)).toMatchObject({ shiftMs: 3_600_000, pausedUntil: 9_500 });
  expect(nextDeadline(partition.state)).toBe(3_602_000);
  expect(partition.at(3_603_000).tick()).toEqual(["expired a on api (heartbeat)"]);
  expect(partition.when(heartbeat({ by: "0-t" }))).toEqual(["heartbeat by 0-t#2"]);
  partition.at(3_607_000).tick();
  expect(partition.at(3_609_500).tick()).toEqual(["granted b on api slot=0 token=3609500000"]);
});

test("a restored state holds its slots, debts and deadlines", () => {
  const partition = busy().given(resize("api", 0));
  partition.reload();
  expect(partition.at(2_000).tick()).toEqual(["ticked"]);
  expect(partition.at(3_000).tick()).toEqual(["expired a on api (heartbeat)"]);
  expect(partition.when(resize("api", 1))).toEqual([
    "resized api declared=1 effective=1 by 0-s#5",
    "granted b on api slot=0 token=3000000",
  ]);
});

test("a state in the middle of a step goes on as well: a slot is free, and its waiter not yet granted", () => {
  const partition = new Partition().given(acquire("a"), acquire("b"), release("a"));
  const untilTheRelease = partition.events.slice(0, -1);
  const restored = restore(snapshot(fold(new State(), untilTheRelease)));
  expect(step(restored, TICK, 0)).toEqual(partition.events.slice(-1));
});

test("an interval of which nothing is left is not watched again", () => {
  const written = snapshot(busy().given(release("a")).state);
  const [first, ...rest] = written.sessions;
  const stale = { ...first, watches: [{ intervalMs: 3_000, resumedAt: 0 }] };
  const restored = restore({ ...written, sessions: [Object.assign({}, first, stale), ...rest] });
  expect(bytesOf(restored)).toBe(JSON.stringify(written));
});

test.each(["semaphores", "sessions"] as const)("one that lacks its %s is refused", (part) => {
  const written = { ...snapshot(busy().state), [part]: [] };
  const what = part === "semaphores" ? "semaphore" : "session";
  expect(() => restore(written)).toThrow(`slotstream is broken: a snapshot lacks a ${what}.`);
});
