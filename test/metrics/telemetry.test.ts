/** What a process tells of its acquisitions, in simulated time. */

import { channel } from "node:diagnostics_channel";
import { beforeEach, describe, expect, test } from "vitest";
import { TestCoordinator } from "../../src/testing.js";
import { deaf, SleepyClock } from "../support/memory-clocks.js";
import { Fleet } from "../support/memory-fleet.js";
import { listen, listenToLives, settled } from "./support.js";

let coordinator: TestCoordinator;
let name: string;
let made = 0;

beforeEach(() => {
  coordinator = new TestCoordinator();
  name = `told-${++made}`;
});

const semaphore = (options = {}) => coordinator.semaphore({ name, value: 1, ...options });

describe("of an acquisition is told", () => {
  test("when it was asked for, granted and released, with its times", async () => {
    const { asked, granted, ended } = listenToLives();
    const first = await semaphore().acquire();
    const waiting = semaphore().acquire();
    coordinator.clock.advance(30);
    await first.release();
    const second = await waiting;
    coordinator.clock.advance(12);
    await second.release();
    expect(asked[1]).toEqual({
      id: second.id,
      semaphore: name,
      value: 1,
      mode: "memory",
      noWait: false,
    });
    expect(granted[1]).toEqual({
      asked: asked[1],
      acquisition: second.id,
      slot: 0,
      token: second.fencingToken,
      position: 1,
      waitMs: 30,
    });
    expect(ended).toEqual([
      end(asked[0], first.id, { outcome: "released", waitMs: 0, holdMs: 30 }),
      end(asked[1], second.id, { outcome: "released", waitMs: 30, holdMs: 12 }),
    ]);
  });

  test("its place in the queue", async () => {
    const { granted } = listenToLives();
    const first = await semaphore().acquire();
    const others = [semaphore().acquire(), semaphore().acquire()];
    await first.release();
    await (await others[0])?.release();
    await (await others[1])?.release();
    expect(granted.map((one) => Object(one).position)).toEqual([1, 1, 2]);
  });

  test.each([
    ["ttl", { outcome: "expired", reason: "ttl", holdMs: 40 }],
    ["revoked", { outcome: "expired", reason: "revoked", holdMs: 0 }],
    ["closed", { outcome: "lost", reason: "closed", holdMs: 0 }],
  ] as const)("how it was lost: %s", async (why, end) => {
    const { ended } = listenToLives();
    const slot = await semaphore({ ttlMs: why === "ttl" ? 40 : undefined }).acquire();
    if (why === "ttl") coordinator.clock.advance(40);
    if (why === "revoked") await semaphore().revoke(slot.id);
    if (why === "closed") await coordinator.close();
    expect(slot.lost?.reason).toBe(why);
    expect(ended).toHaveLength(1);
    expect(ended[0]).toMatchObject(end);
    await slot.release();
    expect(ended).toHaveLength(1);
  });

  test.each([
    ["timeout", () => semaphore({ maxAcquireTimeMs: 20 }).acquire(), 20],
    ["busy", () => semaphore().tryAcquire(), 0],
    ["queue-full", () => semaphore({ maxQueueSize: 0 }).acquire(), 0],
    ["value-mismatch", () => semaphore({ value: 2 }).acquire(), 0],
  ] as const)("why it was abandoned: %s", async (reason, ask, waitMs) => {
    const { asked, ended } = listenToLives();
    await semaphore().acquire();
    const attempt = ask();
    coordinator.clock.advance(waitMs);
    await settled(attempt);
    const { id } = Object(asked[1]);
    expect(asked[1]).toMatchObject({ noWait: reason === "busy" });
    expect(ended).toEqual([end(asked[1], id, { outcome: "abandoned", reason, waitMs })]);
  });

  test("that its user gave up", async () => {
    const { ended } = listenToLives();
    const holder = await semaphore().acquire();
    const abort = new AbortController();
    const attempt = semaphore().acquire({ signal: abort.signal });
    abort.abort();
    await settled(attempt);
    await holder.release();
    expect(ended.map((one) => Object(one).reason)).toEqual(["cancelled", undefined]);
  });

  test("that its coordinator was closed while it waited", async () => {
    const { ended } = listenToLives();
    await semaphore().acquire();
    const attempt = semaphore().acquire();
    await settled(coordinator.close(), attempt);
    const told = ended.map((one) => [Object(one).outcome, Object(one).reason]);
    expect(told.sort()).toEqual([
      ["abandoned", "closed"],
      ["lost", "closed"],
    ]);
  });

  test("that somebody else released it by its id", async () => {
    const { ended } = listenToLives();
    const slot = await semaphore().acquire();
    await semaphore().release(slot.id);
    expect(await slot.release()).toBe(false);
    expect(ended).toHaveLength(1);
    expect(ended[0]).toMatchObject({ outcome: "released", reason: undefined });
  });

  test("nothing, if it was asked for before anybody listened", async () => {
    const slot = await semaphore().acquire();
    const { granted, ended } = listenToLives();
    await slot.release();
    expect({ granted, ended }).toEqual({ granted: [], ended: [] });
  });

  test("its end, also to who listens to nothing else", async () => {
    const ended = listen("slotstream:acquisition:ended");
    await (await semaphore().acquire()).release();
    expect(ended).toHaveLength(1);
  });
});

test("a session that falls silent tells that it lost its slot so", async () => {
  const { ended } = listenToLives();
  const fleet = Fleet.simulated();
  const options = { name, value: 1, heartbeatMaxIntervalMs: 900 };
  const slot = await fleet.coordinator(deaf(fleet.clock)).semaphore(options).acquire();
  const next = fleet.coordinator().semaphore(options).acquire();
  fleet.clock.advance(900);
  await next;
  expect(slot.lost?.reason).toBe("heartbeat");
  expect(ended).toMatchObject([{ outcome: "expired", reason: "heartbeat", holdMs: 900 }]);
});

test("a heartbeat that comes late tells for how long the event loop was blocked", async () => {
  const blocked = listen("slotstream:session:blocked");
  const fleet = Fleet.on(new SleepyClock());
  await fleet.coordinator().semaphore({ name, value: 1, heartbeatMaxIntervalMs: 900 }).acquire();
  fleet.clock.sleep(300 + 1_001);
  fleet.clock.wake();
  expect(blocked).toEqual([{ mode: "memory", blockedMs: 1_001 }]);
});

test("while nobody listens, nothing has subscribers", () => {
  expect(channel("slotstream:acquisition:asked").hasSubscribers).toBe(false);
});

function end(asked: unknown, acquisition: string, more: object): object {
  return { asked, acquisition, reason: undefined, holdMs: undefined, ...more };
}
