/** MemorySemaphore as its users meet it, on the real clock. Names differ, since the process shares them. */

import { expect, test } from "vitest";
import {
  AcquireTimeoutError,
  ClosedError,
  InvalidOptionError,
  MemoryCoordinator,
  MemorySemaphore,
} from "../../src/index.js";
import { TestCoordinator } from "../../src/testing.js";
import { abortOf } from "../contract/backend.js";

/** What plain JavaScript may pass, whatever the types say. */
const unchecked = <T>(value: unknown): T => value as T;

test("limits what runs at a time", async () => {
  const semaphore = new MemorySemaphore({ name: "limits", value: 10 });
  let [running, most] = [0, 0];
  const operation = () =>
    semaphore.use(async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
    });
  await Promise.all(Array.from({ length: 50 }, operation));
  expect(most).toBe(10);
});

test("objects of the same name share their slots", async () => {
  const one = new MemorySemaphore({ name: "shared", value: 1 });
  const other = new MemorySemaphore({ name: "shared", value: 1 });
  const slot = await one.acquire();
  expect(await other.locked()).toBe(true);
  await other.release(slot.id);
  expect(await other.locked()).toBe(false);
});

test("a TTL gives the slot back, and tells its holder", async () => {
  const semaphore = new MemorySemaphore({ name: "ttl", value: 1, ttlMs: 20 });
  const slot = await semaphore.acquire();
  const second = semaphore.acquire();
  expect(await abortOf(slot.signal)).toMatchObject({ reason: "ttl" });
  expect((await second).grantedAt).toBeGreaterThanOrEqual(slot.grantedAt + 20);
});

test("a double acquire ends after maxAcquireTimeMs", async () => {
  const semaphore = new MemorySemaphore({ name: "double", value: 1, maxAcquireTimeMs: 20 });
  const slot = await semaphore.acquire();
  const error = await semaphore.acquire().catch((error) => error);
  expect(error).toBeInstanceOf(AcquireTimeoutError);
  expect(error.waitedMs).toBeGreaterThanOrEqual(20);
  await slot.release();
});

test("heartbeats keep a slot while other things time out", async () => {
  const name = "heartbeats";
  const semaphore = new MemorySemaphore({ name, value: 1, heartbeatMaxIntervalMs: 500 });
  const slot = await semaphore.acquire();
  await semaphore.acquire({ maxAcquireTimeMs: 600 }).catch(() => {});
  expect(slot.state).toBe("heartbeating");
  expect(await slot.release()).toBe(true);
});

test("getAcquiredStats() tells of all in the process", async () => {
  const names = ["stats-half", "stats-full", "stats-idle"];
  const [half, full, idle] = names.map((name) => new MemorySemaphore({ name, value: 2 }));
  await half?.acquire();
  await full?.acquire();
  await full?.acquire();
  await idle?.use(() => {});
  const all = await MemorySemaphore.getAcquiredStats();
  expect([...all.keys()].filter((name) => names.includes(name))).toEqual([
    "stats-full",
    "stats-half",
  ]);
  expect(all.get("stats-full")).toEqual({
    acquiredSlots: 2,
    maxSlots: 2,
    acquiredPercent: 100,
    queued: 0,
  });
  const named = await MemorySemaphore.getAcquiredStats({ names, limit: 3 });
  expect([...named].map(([name, { acquiredPercent }]) => [name, acquiredPercent])).toEqual([
    ["stats-full", 100],
    ["stats-half", 50],
    ["stats-idle", 0],
  ]);
  expect((await MemorySemaphore.getAcquiredStats({ limit: 1 })).size).toBe(1);
});

test("an isolated coordinator has slots of its own", async () => {
  await using coordinator = new MemoryCoordinator({ threads: "isolated" });
  const [ours, theirs] = [
    new MemorySemaphore({ name: "isolated", value: 1, coordinator }),
    new MemorySemaphore({ name: "isolated", value: 1 }),
  ];
  await ours.acquire();
  expect(ours.coordinator).toBe(coordinator);
  expect(await theirs.locked()).toBe(false);
  expect((await MemorySemaphore.getAcquiredStats({ names: ["isolated"] })).size).toBe(0);
});

test("may stand on the coordinator of a test", async () => {
  const coordinator = new TestCoordinator();
  const semaphore = new MemorySemaphore({ name: "simulated", value: 1, ttlMs: 1_000, coordinator });
  const slot = await semaphore.acquire();
  coordinator.clock.advance(1_000);
  expect(slot.signal.aborted).toBe(true);
});

test("a coordinator of one's own gives back what it held when it is closed", async () => {
  const theirs = new MemorySemaphore({ name: "own", value: 1 });
  {
    await using coordinator = new MemoryCoordinator();
    await new MemorySemaphore({ name: "own", value: 1, coordinator }).acquire();
    expect(await theirs.locked()).toBe(true);
  }
  expect(await theirs.locked()).toBe(false);
});

test("the coordinator that is made on demand may be closed: later semaphores get another", async () => {
  const early = new MemorySemaphore({ name: "on-demand", value: 1 });
  const slot = await early.acquire();
  await early.coordinator.close();
  expect(slot.signal.reason).toMatchObject({ reason: "closed" });
  await expect(early.acquire()).rejects.toBeInstanceOf(ClosedError);
  const late = new MemorySemaphore({ name: "on-demand", value: 1 });
  expect(await late.use(({ slotNumber }) => slotNumber)).toBe(0);
});

test.each([undefined, null, "api", 7, []])("is not made with %j for options", (options) => {
  expect(() => new MemorySemaphore(unchecked(options))).toThrow(InvalidOptionError);
});

test.each([{}, "shared"])("is not made with %j for a coordinator", (coordinator) => {
  const options = { name: "invalid", value: 1, coordinator: unchecked<undefined>(coordinator) };
  expect(() => new MemorySemaphore(options)).toThrow(InvalidOptionError);
});

const OF_A_COORDINATOR: [wrong: Record<string, unknown>, option: string, message: string][] = [
  [{ threads: "mine" }, "threads", 'threads must be "shared" or "isolated".'],
  [{ thread: "isolated" }, "thread", "Did you mean threads?"],
  [{ historyRetention: 5 }, "historyRetention", 'Set threads: "isolated" as well.'],
  [{ threads: "isolated", historyRetention: -1 }, "historyRetention", "a whole number"],
  [{ threads: "isolated", historyRetention: 1.5 }, "historyRetention", "a whole number"],
  [{ threads: "isolated", historyRetention: Infinity }, "historyRetention", "a whole number"],
  [{ threads: "isolated", historyRetention: "5" }, "historyRetention", "a whole number"],
  [{ threads: "isolated", historyRetention: { events: -1 } }, "historyRetention", "a whole number"],
  [{ threads: "isolated", historyRetention: { ageMs: 1 } }, "historyRetention", "at least 60000"],
];

test.each(OF_A_COORDINATOR)("a MemoryCoordinator is not made with %o", (wrong, option, message) => {
  const make = () => new MemoryCoordinator(wrong);
  expect(make).toThrow(InvalidOptionError);
  expect(make).toThrow(expect.objectContaining({ option }));
  expect(make).toThrow(message);
});
