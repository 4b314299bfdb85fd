/** When the leader must send a tick, and what is due at a moment. */

import { expect, test } from "vitest";
import { firstDue, isGap, nextDeadline } from "../../src/core/deadlines.js";
import { State } from "../../src/core/state.js";
import { acquire, heartbeat, leave, release, resize } from "../support/commands.js";
import { Partition } from "../support/partition.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const dueAt = ({ state }: Partition, at: number) => {
  const due = firstDue(state, at);
  return due && [due.acquisition.id, due.deadline, due.because];
};

test("nothing ever happens in an empty partition", () => {
  expect(nextDeadline(new State())).toBeUndefined();
  expect(firstDue(new State(), 1e9)).toBeUndefined();
  expect(isGap(new State(), 1e9)).toBe(false);
});

test("a tick is due when the first wait or TTL ends", () => {
  const partition = new Partition().given(
    acquire("a", { ttlMs: 9_000 }),
    acquire("b", { maxAcquireTimeMs: 7_000 }),
  );
  expect(nextDeadline(partition.state)).toBe(7_000);
  expect(dueAt(partition, 6_999)).toBeUndefined();
  expect(dueAt(partition, 7_000)).toEqual(["b", 7_000, "deadline"]);
});

test("a tick is due when half the shortest heartbeat interval has passed", () => {
  const partition = new Partition().given(
    acquire("a", { heartbeatMaxIntervalMs: 5_001, value: 2 }),
    acquire("b", { heartbeatMaxIntervalMs: 9_000, value: 2 }),
  );
  expect(nextDeadline(partition.state)).toBe(2_501);
  partition.given(release("a"));
  expect(nextDeadline(partition.state)).toBe(4_500);
});

test("a tick is due when silence ends something", () => {
  const partition = new Partition().given(acquire("a", { heartbeatMaxIntervalMs: 5_000 }));
  partition.at(2_500).tick();
  partition.at(4_000).tick();
  expect(nextDeadline(partition.state)).toBe(5_000);
  expect(dueAt(partition, 4_999)).toBeUndefined();
  expect(dueAt(partition, 5_000)).toEqual(["a", 5_000, "silence"]);
});

test("of a deadline and a silence the earlier is due first, then the older acquisition", () => {
  const terms = { value: 2, heartbeatMaxIntervalMs: 5_000 };
  const silentFirst = new Partition().given(
    acquire("a", { value: 2, ttlMs: 5_001 }),
    acquire("b", terms),
  );
  expect(dueAt(silentFirst, 6_000)).toEqual(["b", 5_000, "silence"]);
  const timedFirst = new Partition().given(
    acquire("a", terms),
    acquire("b", { value: 2, ttlMs: 4_999 }),
  );
  expect(dueAt(timedFirst, 6_000)).toEqual(["b", 4_999, "deadline"]);
  const olderFirst = new Partition().given(
    acquire("a", { value: 2, ttlMs: 5_000 }),
    acquire("b", terms),
  );
  expect(dueAt(olderFirst, 6_000)).toEqual(["a", 5_000, "deadline"]);
});

test("the log has a gap once it was silent for longer than the shortest interval", () => {
  const partition = new Partition().given(acquire("a", { heartbeatMaxIntervalMs: 5_000 }));
  expect(isGap(partition.state, 5_000)).toBe(false);
  expect(isGap(partition.state, 5_001)).toBe(true);
});

test("a jump of the clock moves what is to come, and makes no gap", () => {
  const partition = new Partition().given(
    acquire("a", { ttlMs: 9_000 }),
    acquire("b", { heartbeatMaxIntervalMs: 5_000 }),
  );
  expect(partition.at(HOUR + 100).lead({ type: "rebase", byMs: HOUR })).toEqual([
    "rebased 3600s",
    "ticked",
  ]);
  expect(nextDeadline(partition.state)).toBe(HOUR + 2_600);
  partition.at(HOUR + 4_000).tick();
  expect(nextDeadline(partition.state)).toBe(HOUR + 5_000);
  expect(partition.at(HOUR + 5_000).tick()).toEqual([
    "abandoned b on api (lost) declared=1 effective=1 held=1 queued=1",
  ]);
  expect(nextDeadline(partition.state)).toBe(HOUR + 9_000);
});

test("a jump of the clock forgets nobody", () => {
  const partition = new Partition().given(heartbeat());
  partition.at(HOUR).lead({ type: "rebase", byMs: HOUR });
  expect(nextDeadline(partition.state)).toBe(HOUR + MINUTE);
  expect(partition.at(HOUR + MINUTE - 1).tick()).toEqual(["ticked"]);
  expect(partition.at(HOUR + MINUTE).tick()).toEqual(["swept semaphores=[] sessions=[0-s]"]);
});

test("what becomes idle after a jump is forgotten a minute later, in sweeps ten seconds apart", () => {
  const partition = new Partition();
  partition.at(HOUR).lead({ type: "rebase", byMs: HOUR });
  partition.at(HOUR + 1_000).given(heartbeat());
  partition.at(HOUR + 2_000).given(heartbeat({ by: "0-t" }));
  expect(nextDeadline(partition.state)).toBe(HOUR + 1_000 + MINUTE);
  partition.at(HOUR + 1_000 + MINUTE);
  expect(partition.tick()).toEqual(["swept semaphores=[] sessions=[0-s]"]);
  expect(nextDeadline(partition.state)).toBe(HOUR + 11_000 + MINUTE);
});

test("a tick is due at the end of a pause if it keeps somebody from a free slot", () => {
  const partition = new Partition().given(acquire("a"));
  partition.lead({ type: "restart", pauseMs: 9_000 });
  expect(nextDeadline(partition.state)).toBe(MINUTE);
  partition.given(acquire("b"));
  expect(nextDeadline(partition.state)).toBe(MINUTE);
  partition.given(release("a"));
  expect(nextDeadline(partition.state)).toBe(9_000);
  expect(partition.at(9_000).tick()).toEqual(["granted b on api slot=0 token=9000000"]);
  expect(nextDeadline(partition.state)).toBe(MINUTE);
});

test("a gap is noticed though the pause begins at its end", () => {
  const partition = new Partition().given(acquire("a", { heartbeatMaxIntervalMs: 5_000 }));
  expect(partition.at(20_000).lead({ type: "restart", pauseMs: 1_000 })).toEqual([
    "resumed after 20s",
    "restarted paused-until=21s",
  ]);
});

test("a tick is due when what is idle may be forgotten, and then never again", () => {
  const partition = new Partition().given(acquire("a"), release("a"));
  expect(nextDeadline(partition.state)).toBe(MINUTE);
  expect(partition.at(MINUTE).tick()).toEqual(["swept semaphores=[api] sessions=[0-s]"]);
  expect(nextDeadline(partition.state)).toBeUndefined();
});

test("what is used meanwhile is forgotten a minute after its last use", () => {
  const partition = new Partition().given(heartbeat(), heartbeat({ by: "0-t" }));
  partition.at(40_000).given(heartbeat());
  partition.at(MINUTE).tick();
  expect([...partition.state.sessions.values()].map(({ id }) => id)).toEqual(["0-s"]);
  expect(nextDeadline(partition.state)).toBe(40_000 + MINUTE);
});

test("one idle semaphore is forgotten after the other, though every session is in use", () => {
  const partition = new Partition().given(acquire("keep", { on: "kept" }));
  partition.given(acquire("a", { on: "first" }), release("a"));
  partition.at(20_000).given(acquire("b", { on: "second" }), release("b"));
  expect(partition.at(MINUTE).tick()).toEqual(["swept semaphores=[first] sessions=[]"]);
  expect(nextDeadline(partition.state)).toBe(20_000 + MINUTE);
});

test("a resized semaphore is not forgotten, and wants no tick", () => {
  const partition = new Partition().given(resize("api", 0, { declared: 1 }), leave());
  partition.at(MINUTE).tick();
  expect([...partition.state.semaphores.values()].map(({ name }) => name)).toEqual(["api"]);
  expect(nextDeadline(partition.state)).toBeUndefined();
});
