/** What is told of a leader's commits, and of a change of the leader, by the clock of a test. */

import { expect, test } from "vitest";
import { CommitWatch } from "../../src/reconciler/commit-watch.js";
import { Failovers } from "../../src/session/failovers.js";
import type { Written } from "../../src/session/outbox.js";
import { SimulatedClock } from "../../src/testing.js";
import { commit } from "../reconciler/support.js";
import { listen } from "./support.js";

/** A leader's watch, where log time is 1,000 ms ahead of its own. */
function watched() {
  const clock = new SimulatedClock();
  return { clock, watch: new CommitWatch(clock, 7, () => clock.now() + 1_000) };
}

const read = [{ id: "940-0", entry: undefined }];

test("a commit is told once it is stored, with the age of its oldest entry", () => {
  const committed = listen("slotstream:reconciler:committed");
  const { clock, watch } = watched();
  watch.decided(commit(1), 3, [...read, { id: "990-0", entry: undefined }]);
  clock.advance(5);
  watch.decided(commit(2), 1, [{ id: "2000-0", entry: undefined }]);
  expect(committed).toEqual([]);
  watch.confirmed(1);
  watch.confirmed(1);
  clock.advance(2);
  watch.confirmed(2);
  expect(committed).toEqual([
    { epoch: 7, entries: 2, commands: 3, events: 1, lagMs: 60, durationMs: 5 },
    { epoch: 7, entries: 1, commands: 1, events: 1, lagMs: 0, durationMs: 2 },
  ]);
});

test("one answer may confirm several commits", () => {
  const committed = listen("slotstream:reconciler:committed");
  const { watch } = watched();
  for (const number of [1, 2, 3]) watch.decided(commit(number), number, read);
  watch.confirmed(2);
  expect(committed).toMatchObject([{ commands: 1 }, { commands: 2 }]);
});

test("what was decided before anybody listened is not told", () => {
  const { watch } = watched();
  watch.decided(commit(1), 1, read);
  const committed = listen("slotstream:reconciler:committed");
  watch.confirmed(1);
  expect(committed).toEqual([]);
});

test("a change of the leader is told with how long the oldest command waited", () => {
  const failover = listen("slotstream:session:failover");
  const clock = new SimulatedClock(5_000);
  const failovers = new Failovers(clock);
  const told = (id: string) => ({ id, after: "0-0", applied: 1, events: [] });
  failovers.heard(told("3-10"), writtenAt(4_000));
  failovers.heard(told("3-12"), writtenAt(4_100));
  expect(failover).toEqual([]);
  failovers.heard(told("8-13"), writtenAt(4_200));
  failovers.heard(told("8-14"), writtenAt(4_300));
  expect(failover).toEqual([{ epoch: 8, durationMs: 800 }]);
});

test("a change of the leader that nobody had to wait for is not told", () => {
  const failover = listen("slotstream:session:failover");
  const failovers = new Failovers(new SimulatedClock());
  failovers.heard({ id: "3-10", after: "0-0", applied: 1, events: [] }, undefined);
  failovers.heard({ id: "8-11", after: "3-10", applied: 1, events: [] }, undefined);
  failovers.heard(undefined, undefined);
  expect(failover).toEqual([]);
});

function writtenAt(sentAt: number): Written {
  const entry = { session: "0-s", number: 1, seen: 0, commands: "[]" };
  return { entry, commands: [], last: 1, sentAt, ids: [], attempts: 1 };
}
