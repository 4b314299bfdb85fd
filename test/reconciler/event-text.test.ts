/** Written by hand for speed, and yet what JSON.stringify writes. */

import { expect, test } from "vitest";
import { EventTexts } from "../../src/reconciler/event-text.js";
import {
  acquire,
  cancel,
  heartbeat,
  leave,
  reassert,
  release,
  resize,
  revoke,
} from "../support/commands.js";
import { Partition } from "../support/partition.js";

test("every event is written as JSON.stringify does, and at once", () => {
  const partition = new Partition();
  const events = partition.given(
    acquire("a", { ttlMs: 5_000, metadata: { job: 'the "7th"' } }),
    acquire("b\u2028", { on: 'quo"ted', heartbeatMaxIntervalMs: 3_000 }),
    acquire("c", { noWait: true }),
    acquire("d"),
    revoke("a"),
    release("a", { by: "0-t" }),
    cancel("d"),
    release("x"),
    resize("api", 3),
    heartbeat(),
    leave(),
    leave({ former: '0-"s', by: "0-t" }),
  ).events;
  partition.lead({ type: "restart", pauseMs: 9_000 });
  partition.given(
    reassert("e", { slot: 1, token: 5_000, value: 2, by: "0-t" }),
    reassert("f", { slot: 1, token: 5_001, ttlMs: 9, ttlLeftMs: 8, metadata: { job: '"' } }),
    reassert("g", { slot: 1, token: 5_000 }),
    reassert("f", { slot: 1, token: 5_001, by: "0-t" }),
  );
  const types = new Set(events.map(({ type }) => type));
  expect([...types]).toEqual(
    expect.arrayContaining(["queued", "granted", "released", "abandoned", "reasserted", "left"]),
  );
  const texts = new EventTexts();
  for (const event of events) expect(texts.of(event)).toBe(JSON.stringify(event));
});
