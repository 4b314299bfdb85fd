/** What can be asked, read from the data as it was last committed. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.js";
import { BackendUnavailableError } from "../../src/errors.js";
import type { Commit, EventQuery, Views } from "../../src/ports.js";
import {
  aCommit,
  anAcquisition,
  aSemaphore,
  connected,
  lead,
  newNamespace,
  partitionOn,
} from "../support/redis-partition.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

async function filled(changes: Partial<Commit>) {
  const { namespace, key } = newNamespace();
  const partition = await connected(server, { namespace });
  const term = await lead(partition);
  await partition.store.commit(term, aCommit("5-5", changes));
  return { partition, views: partition.views, term, key };
}

describe("stats", () => {
  const semaphores = new Map([
    ["full", aSemaphore(2)],
    ["half", aSemaphore(1)],
    ["also-half", aSemaphore(1)],
    ["idle", aSemaphore(0)],
    ["shrunk", aSemaphore(2, 3, 1)],
    ["paused", aSemaphore(0, 1, 0)],
  ]);

  test("show what is in use, the fullest first", async () => {
    const { views } = await filled({ semaphores });
    const stats = await views.stats({ limit: 100 });
    expect(stats.map(([name]) => name)).toEqual(["shrunk", "full", "paused", "also-half", "half"]);
    expect(new Map(stats).get("shrunk")).toEqual({
      acquiredSlots: 2,
      maxSlots: 1,
      acquiredPercent: 200,
      queued: 3,
    });
    expect(await views.stats({ limit: 2 })).toHaveLength(2);
  });

  test("show idle ones when they are named", async () => {
    const { views } = await filled({ semaphores });
    const names = ["idle", "unknown", "half", "half", ""];
    const stats = await views.stats({ names, limit: 100 });
    expect(stats.map(([name]) => name)).toEqual(["half", "idle"]);
    expect(await views.stats({ names: [], limit: 100 })).toEqual([]);
  });
});

describe("locked", () => {
  const semaphores = new Map([
    ["full", aSemaphore(2)],
    ["free", aSemaphore(1)],
    ["queue", aSemaphore(1, 1)],
  ]);
  const locked = (views: Views) =>
    Promise.all(["full", "free", "queue", "unknown"].map((name) => views.locked(name)));

  test("is what has no slot for a newcomer", async () => {
    const { views } = await filled({ semaphores });
    expect(await locked(views)).toEqual([true, false, true, false]);
  });

  test("is everything while grants pause", async () => {
    const { views } = await filled({ semaphores, pausedUntil: 9_000_000_000_000 });
    expect(await locked(views)).toEqual([true, true, true, true]);
  });
});

test("holders and waiters are those of the semaphore, whatever its name, in their order", async () => {
  const odd = "a*?[b]\\^-c";
  const { views } = await filled({
    shiftMs: 7,
    acquisitions: new Map([
      [`${odd}\nx-4`, anAcquisition(4)],
      [`${odd}\nx-3`, anAcquisition(3, 1)],
      [`${odd}\nx-2`, anAcquisition(2)],
      [`${odd}\nx-1`, anAcquisition(1, 0)],
      ["a*?[b]\\^-c2\nx-5", anAcquisition(5, 0)],
      ["aXXb\\^-c\nx-6", anAcquisition(6, 0)],
    ]),
  });
  const holders = await views.holders(odd);
  expect(holders.map(({ id, slotNumber }) => [id, slotNumber])).toEqual([
    ["x-1", 0],
    ["x-3", 1],
  ]);
  expect(holders[0]).toEqual({
    id: "x-1",
    session: "s",
    slotNumber: 0,
    fencingToken: 101,
    queuedAt: 10,
    grantedAt: 11,
    expiresAt: 1_017,
    revoked: false,
    metadata: { job: "7" },
  });
  const waiters = await views.waiters(odd);
  expect(waiters.map(({ id, position }) => [id, position])).toEqual([
    ["x-2", 1],
    ["x-4", 2],
  ]);
  expect(await views.holders("unknown")).toEqual([]);
});

test("events come page by page, oldest first, those that are asked for", async () => {
  const { partition, views, term } = await filled({});
  for (let number = 2; number <= 250; number++) {
    const event = { seq: number, at: 1, type: "released", semaphore: `s${number % 2}` };
    const acquisition = `x-${number}`;
    const events = JSON.stringify([{ ...event, acquisition }]);
    const history = { seq: number, commands: "[]", events, hash: "h" };
    await partition.store.commit(term, aCommit("5-5", { number, from: "5-5", history }));
  }
  const seqs = async (query: EventQuery) => {
    const events: Event[] = [];
    for await (const event of views.events(query)) events.push(event);
    return events.map(({ seq }) => seq);
  };
  expect(await seqs({})).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
  expect(await seqs({ semaphore: "s1" })).toHaveLength(124);
  expect(await seqs({ acquisition: "x-77" })).toEqual([77]);
  expect(await seqs({ acquisition: "unknown" })).toEqual([]);
});

test("of a partition that has no data yet, everything is empty", async () => {
  const { views } = partitionOn(server, { namespace: newNamespace().namespace });
  expect(await views.stats({ limit: 10 })).toEqual([]);
  expect(await views.stats({ names: ["api"], limit: 10 })).toEqual([]);
  expect(await views.locked("api")).toBe(false);
  expect(await views.holders("api")).toEqual([]);
  expect(await views.waiters("api")).toEqual([]);
  for await (const _event of views.events({})) throw new Error("there is no event");
});

test("a question that nobody can answer fails in time, with the cause", async () => {
  const { views } = partitionOn({ url: "redis://127.0.0.1:1" }, { responseTimeoutMs: 100 });
  const failure = await views.stats({ limit: 10 }).catch((error) => error);
  expect(failure).toBeInstanceOf(BackendUnavailableError);
  expect(failure.cause.message).toContain("ECONNREFUSED");
});
