/** Worker threads share the slots of their process. */

import { MemoryCoordinator, MemorySemaphore } from "slotstream";
import { expect, test } from "vitest";
import { Agent } from "./agent.js";
import { inLine } from "./line.js";

let made = 0;
const unique = () => `shared-${++made}`;

test("a worker and the main thread share slots and queue", async () => {
  const options = { name: unique(), value: 1 };
  const here = new MemorySemaphore(options);
  await using agent = new Agent();

  const slot = await agent.acquire(options);
  expect(await here.tryAcquire()).toBeNull();
  const waiting = here.acquire();
  expect(await agent.release(slot.id)).toBe(true);
  const next = await waiting;
  expect(next.fencingToken).toBeGreaterThan(slot.fencingToken);
  expect(await agent.call(options, "locked")).toBe(true);
  await next.release();
  expect(await agent.call(options, "locked")).toBe(false);
});

test("a worker's worker shares them, too", async () => {
  const options = { name: unique(), value: 1 };
  const here = new MemorySemaphore(options);
  await using outer = new Agent("nested.js");

  const slot = await outer.acquire(options);
  const waiting = here.acquire();
  await inLine(here, 1);
  await outer.worker.terminate();
  expect((await waiting).fencingToken).toBeGreaterThan(slot.fencingToken);
});

test("with threads: isolated a worker has slots of its own", async () => {
  const options = { name: unique(), value: 1 };
  const slot = await new MemorySemaphore(options).acquire();
  await using agent = new Agent("agent.js", { workerData: { threads: "isolated" } });

  expect((await agent.acquire(options)).slotNumber).toBe(slot.slotNumber);
  expect(await agent.call(options, "stats")).toMatchObject({ acquiredSlots: 1, queued: 0 });
  const isolated = new MemoryCoordinator({ threads: "isolated" });
  expect(await isolated.semaphore(options).tryAcquire()).not.toBeNull();
});

test("what a worker sees is what the main thread sees", async () => {
  const options = { name: unique(), value: 2 };
  const here = new MemorySemaphore(options);
  await using agent = new Agent();
  const slot = await agent.acquire(options, { metadata: { job: "7" } });
  await here.acquire();
  void here.acquire().catch(() => {});

  expect(await agent.call(options, "stats")).toEqual(await here.stats());
  expect(await agent.call(options, "stats")).toMatchObject({ acquiredSlots: 2, queued: 1 });
  expect(await agent.call(options, "holders")).toEqual(await here.holders());
  expect(await agent.call(options, "waiters")).toEqual(await here.waiters());
  expect(await agent.tell("getAcquiredStats")).toEqual(await MemorySemaphore.getAcquiredStats());
  const events = [];
  for await (const event of here.history()) events.push(event);
  expect(await agent.tell("history", options)).toEqual(events);
  expect((await here.holders())[0]).toMatchObject({ id: slot.id, metadata: { job: "7" } });
});

test("a worker resizes and revokes", async () => {
  const options = { name: unique(), value: 1 };
  const here = new MemorySemaphore(options);
  await using agent = new Agent();
  const first = await here.acquire();
  const second = here.acquire();

  expect(await agent.call(options, "resize", 2)).toBe(true);
  await second;
  expect(await agent.call(options, "revoke", first.id)).toBe(true);
  expect(first.signal.reason).toMatchObject({ reason: "revoked" });
  expect(await agent.call(options, "release", (await second).id)).toBe(true);
  expect(await agent.call(options, "resize", 1)).toBe(true);
  expect(await here.stats()).toMatchObject({ acquiredSlots: 0, maxSlots: 1 });
});

test("the main thread takes a worker's slot back", async () => {
  const options = { name: unique(), value: 1 };
  const here = new MemorySemaphore(options);
  await using agent = new Agent();
  const slot = await agent.acquire(options);
  const waiting = here.acquire();

  expect(await here.revoke(slot.id)).toBe(true);
  expect(await agent.lost(slot.id)).toBe("revoked");
  await waiting;
});

test("a TTL that ends aborts the worker's signal", async () => {
  const options = { name: unique(), value: 1 };
  await using agent = new Agent();
  const slot = await agent.acquire(options, { ttlMs: 30 });
  const waiting = new MemorySemaphore(options).acquire();

  expect(await agent.lost(slot.id)).toBe("ttl");
  expect(await agent.release(slot.id)).toBe(false);
  await waiting;
});

test("an acquire that waits too long, or says another value, is told why", async () => {
  const options = { name: unique(), value: 1 };
  await new MemorySemaphore(options).acquire();
  await using agent = new Agent();

  await expect(agent.acquire(options, { maxAcquireTimeMs: 20 })).rejects.toThrow(
    /no slot of "shared-\d+" came free within \d+ ms/,
  );
  await expect(agent.acquire({ ...options, value: 2 })).rejects.toThrow(/in use with value 1/);
});

test("a worker that blocks its event loop too long loses its slot to others", async () => {
  const options = { name: unique(), value: 1 };
  await using agent = new Agent();
  const slot = await agent.acquire(options, { heartbeatMaxIntervalMs: 500 });
  const wake = new Int32Array(new SharedArrayBuffer(4));
  const woken = agent.tell("block", wake);

  const next = await new MemorySemaphore(options).acquire();
  Atomics.store(wake, 0, 1);
  Atomics.notify(wake, 0);
  await woken;
  expect(await agent.lost(slot.id)).toBe("heartbeat");
  expect(await agent.release(slot.id)).toBe(false);
  expect(next.state).toBe("held");
});

test("one that does not block keeps it", async () => {
  const options = { name: unique(), value: 1 };
  const here = new MemorySemaphore(options);
  await using agent = new Agent();
  const slot = await agent.acquire(options, { heartbeatMaxIntervalMs: 500 });

  await expect(here.acquire({ maxAcquireTimeMs: 1_200 })).rejects.toThrow(/came free/);
  expect((await here.holders()).map(({ id }) => id)).toEqual([slot.id]);
});
