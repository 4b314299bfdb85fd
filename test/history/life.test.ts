/** The life of one acquisition, as the machine goes through it. */

import { expect, test } from "vitest";
import { replayAcquisition } from "../../src/history/life.js";
import { acquire, cancel, heartbeat, reassert, release, revoke } from "../support/commands.js";
import { Partition } from "../support/partition.js";
import { recorded, trimmedTo } from "./recorder.js";

type Entries = ReturnType<typeof recorded>;

/** Each step as `event → state`. */
async function lifeOf(id: string, entries: Entries): Promise<string[]> {
  const steps = await replayAcquisition(entries, id);
  return steps.map(({ event, snapshot }) => `${event.type} → ${snapshot.value}`);
}

test("from the acquire to the release, with the heartbeats of its session", async () => {
  const partition = new Partition().given(
    ...[acquire("a"), heartbeat(), heartbeat({ by: "0-t" }), acquire("b", { by: "0-t" })],
    ...[
      heartbeat({ by: "0-t" }),
      revoke("a", { by: "0-t" }),
      heartbeat(),
      release("a"),
      heartbeat(),
    ],
  );
  expect(await lifeOf("a", recorded(partition))).toEqual([
    ...["queued → queued", "granted → held", "heartbeat → heartbeating"],
    ...["revoked → heartbeating", "heartbeat → heartbeating", "released → released"],
  ]);
  expect(await lifeOf("b", recorded(partition))).toEqual(["queued → queued", "granted → held"]);
});

test("with real snapshots of the machine: its context, status and output", async () => {
  const partition = new Partition().given(acquire("a", { ttlMs: 500 }));
  partition.at(500).tick();
  const steps = await replayAcquisition(recorded(partition), "a");
  expect(steps.map(({ snapshot }) => snapshot.status)).toEqual(["active", "active", "done"]);
  expect(steps[2]).toMatchObject({
    event: { seq: 3, at: 500, type: "expired" },
    snapshot: { context: { acquisition: "a" }, output: { reason: "ttl" } },
  });
  expect(steps[1]?.snapshot.matches("held")).toBe(true);
  expect(steps[1]?.snapshot.can({ type: "RELEASE" })).toBe(true);
});

test("of those that never held: given up, and turned away at once", async () => {
  const partition = new Partition().given(
    ...[acquire("a"), acquire("b"), acquire("c", { noWait: true }), cancel("b")],
  );
  expect(await lifeOf("b", recorded(partition))).toEqual([
    "queued → queued",
    "abandoned → abandoned",
  ]);
  const [end] = await replayAcquisition(recorded(partition), "c");
  expect(end).toMatchObject({ snapshot: { value: "abandoned", output: { reason: "busy" } } });
});

test("that begins when its holder says that the data has lost it", async () => {
  const partition = new Partition();
  partition.lead({ type: "restart", pauseMs: 9_000 });
  partition.given(reassert("a", { slot: 0, token: 7_000, by: "0-t" }), heartbeat({ by: "0-t" }));
  partition.given(release("a", { by: "0-t" }));
  expect(await lifeOf("a", recorded(partition))).toEqual([
    ...["reasserted → held", "heartbeat → heartbeating", "released → released"],
  ]);
});

test("that goes on under another session, whose heartbeats count from then on", async () => {
  const partition = new Partition().given(
    ...[acquire("a"), heartbeat(), reassert("a", { slot: 0, token: 1, by: "0-t" })],
    ...[heartbeat(), heartbeat({ by: "0-t" })],
  );
  const steps = await replayAcquisition(recorded(partition), "a");
  expect(steps.map(({ event, snapshot }) => [event.session, snapshot.value])).toEqual([
    ["0-s", "queued"],
    ["0-s", "held"],
    ["0-s", "heartbeating"],
    ["0-t", "held"],
    ["0-t", "heartbeating"],
  ]);
});

test("that ended and was asserted again is another life", async () => {
  const partition = new Partition();
  partition.lead({ type: "restart", pauseMs: 9_000 });
  partition.given(
    reassert("a", { slot: 0, token: 7_000, value: 2 }),
    reassert("a", { slot: 1, token: 8_000, value: 2 }),
  );
  expect(await lifeOf("a", recorded(partition))).toEqual([
    ...["reasserted → held", "expired → expired", "reasserted → held"],
  ]);
});

test("of which the beginning is no longer kept", async () => {
  const partition = new Partition().given(
    ...[acquire("a"), acquire("b", { by: "0-t" }), heartbeat(), release("a"), release("b")],
  );
  const all = recorded(partition, { checkpointEvery: 1 });
  const from = (index: number) => trimmedTo(all, index);
  const end = ["heartbeat → heartbeating", "released → released"];
  // Its own events in the checkpoint's entry, those after one that knows it, and those of the end only.
  expect(await lifeOf("a", from(0))).toEqual(["queued → queued", "granted → held", ...end]);
  expect(await lifeOf("a", from(1))).toEqual(end);
  expect(await lifeOf("a", from(2))).toEqual(end.slice(1));
  expect(await lifeOf("a", from(3))).toEqual(["released → released"]);
  expect(await lifeOf("a", from(4))).toEqual([]);
  expect(await lifeOf("b", from(2))).toEqual(["granted → held", "released → released"]);
});

test("an ignored command is no part of it, and an unknown id has no life", async () => {
  const partition = new Partition().given(acquire("a"), reassert("z", { slot: 4, token: 1 }));
  expect(partition.events.at(-1)).toMatchObject({ type: "ignored", acquisition: "z" });
  expect(await lifeOf("z", recorded(partition))).toEqual([]);
  expect(await lifeOf("y", recorded(partition))).toEqual([]);
});

test("a history without a beginning has no lives to tell", async () => {
  const partition = new Partition().given(acquire("a"), release("a"));
  const failure = replayAcquisition(recorded(partition).slice(1), "a");
  await expect(failure).rejects.toThrow("event 3: the history begins here");
});
