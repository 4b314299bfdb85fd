/** What a session is told arrives exactly once and in order, whatever is lost on the way. */

import { expect, test } from "vitest";
import { now } from "../support/memory-promises.js";
import { Client, settled } from "./client.js";

test("with every message dropped, all acquires still complete (trap 7)", async () => {
  const client = await Client.connected();
  client.server.speaks = false;
  const first = client.acquire();
  const second = client.acquire();
  await client.passes(300);
  const released = (await first).release();
  await client.passes(300);
  expect(await released).toBe(true);
  expect((await second).slotNumber).toBe(0);
});

test("a waiter whose grant was dropped finds it within seconds, also without heartbeats (trap 7)", async () => {
  const client = await Client.connected();
  client.server.other({ type: "acquire", semaphore: "api", acquisition: "x", value: 1, terms: {} });
  const slot = client.acquire();
  await client.passes(60_000);
  client.server.speaks = false;
  client.server.other({ type: "release", acquisition: "x" });
  await client.passes(5_010);
  expect(await now(slot)).toMatchObject({ is: "resolved" });
});

test("who only waits hardly asks", async () => {
  const client = await Client.connected();
  client.server.other({ type: "acquire", semaphore: "api", acquisition: "x", value: 1, terms: {} });
  for (let i = 0; i < 1_000; i++) void client.acquire();
  await client.passes(1_000);
  const { reports } = client.server;
  await client.passes(60_000);
  expect(client.server.reports - reports).toBeLessThanOrEqual(12);
});

test.each([
  ["twice", (kept: [string, never][]) => kept.flatMap((message) => [message, message])],
  ["in reverse", (kept: [string, never][]) => kept.toReversed()],
  ["without the first", (kept: [string, never][]) => kept.slice(1)],
])("messages that come %s are told once and in order", async (_how, order) => {
  const client = await Client.connected();
  const slot = await client.acquire();
  client.server.keptBack = [];
  const released = slot.release();
  const next = client.acquire();
  await settled();
  const resized = client.session.resize("api", 1, 2);
  await settled();
  client.server.release((kept) => order(kept as [string, never][]));
  await settled();
  expect(await released).toBe(true);
  expect((await next).slotNumber).toBe(0);
  expect(await resized).toBe(true);
});

test("who is told much and says nothing confirms it now and then, so that the log need not keep it", async () => {
  const client = await Client.connected();
  client.server.other({ type: "acquire", semaphore: "api", acquisition: "x", value: 1, terms: {} });
  for (let i = 0; i < 100; i++) void client.acquire();
  await settled();
  const { length } = client.server.written;
  for (let size = 2; size <= 100; size++) {
    client.server.other({ type: "resize", semaphore: "api", value: size });
    await settled();
  }
  expect(client.server.written.length).toBe(length + 1);
  expect(client.server.written.at(-1)?.seen).toBeGreaterThan(100);
});

test("a message of another session, or of a former name, is dropped", async () => {
  const client = await Client.connected();
  const slot = await client.acquire();
  const events = client.server.events;
  client.link.receive("0-else", { id: "7-9", after: "0-0", applied: 1, events });
  expect(await slot.release()).toBe(true);
});

test("what was told while the connection was down is told after it", async () => {
  const client = await Client.connected();
  client.server.other({ type: "acquire", semaphore: "api", acquisition: "x", value: 1, terms: {} });
  const slot = client.acquire();
  await client.passes(100);
  client.server.down();
  client.server.other({ type: "release", acquisition: "x" });
  await client.passes(1_000);
  expect(await now(slot)).toEqual({ is: "pending" });
  client.server.up();
  await settled();
  expect((await slot).slotNumber).toBe(0);
});

test("heartbeats come three times an interval, whatever is held and waits", async () => {
  const client = await Client.connected();
  for (let i = 0; i < 100; i++) void client.acquire({ heartbeatMaxIntervalMs: 15_000 });
  await settled();
  const before = client.server.written.length;
  await client.passes(60_000);
  expect(client.server.written.length - before).toBe(12);
});

test("whatever is asked does for a heartbeat", async () => {
  const client = await Client.connected();
  const slot = await client.acquire({ heartbeatMaxIntervalMs: 3_000 });
  const start = client.server.written.length;
  for (let i = 0; i < 20; i++) {
    await client.passes(500);
    await client.session.revoke("nobody", false);
  }
  expect(client.server.written.length - start).toBe(20);
  expect(slot.lost).toBeUndefined();
});

test("who is connected again is heard at once", async () => {
  const client = await Client.connected();
  const slot = await client.acquire({ heartbeatMaxIntervalMs: 3_000 });
  client.server.down();
  await client.passes(2_900);
  client.server.up();
  await settled();
  expect(client.last("heartbeat")).toMatchObject({ at: 1_700_000_000_000 + client.clock.now() });
  await client.passes(500);
  expect(slot.lost).toBeUndefined();
});

test("a session that was idle for a minute goes on under another name", async () => {
  const client = await Client.connected();
  for (const speaks of [true, false]) {
    client.server.speaks = true;
    await (await client.acquire()).release();
    client.server.speaks = speaks;
    await client.passes(61_000);
    expect(client.last("swept")).toBeDefined();
    client.server.speaks = true;
    expect(await client.session.resize("api", 1, 2)).toBe(true);
    expect(await client.session.resize("api", 1, 1)).toBe(true);
  }
  expect(client.warnings).toEqual([]);
});

test("who leaves listens no more", async () => {
  const client = await Client.connected();
  const slot = await client.acquire();
  const closed = client.session.close(0);
  // Once it has said so, the slot may be somebody else's.
  expect(slot.signal.aborted).toBe(true);
  await closed;
  expect(slot.state).toBe("released");
  expect(slot.lost).toMatchObject({ reason: "closed" });
  expect(client.server.subscribed.size).toBe(0);
  expect(client.story.at(-1)).toBe("left");
});
