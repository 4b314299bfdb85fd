/** Much at once, and much over time. */

import { nanoid } from "nanoid";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/memory/system-clock.js";
import type { Alarm, Clock } from "../../src/ports.js";
import { Candidate } from "../../src/reconciler/candidate.js";
import { Fleet, until } from "../support/fleet.js";
import { connected } from "../support/redis-partition.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

const MANY = 20_000;
/** Long enough for a slow machine: nobody shall fall silent, and every question gets its answer. */
const PATIENT = { failoverPauseMs: 60_000, responseTimeoutMs: 60_000 };

test(`${MANY} changes in one commit: granted, and given back (trap 23)`, async () => {
  const fleet = new Fleet(server, PATIENT);
  const [leader, client] = [fleet.coordinator(), fleet.coordinator()];
  const semaphore = client.semaphore({ name: "api", value: 1 });
  const first = await semaphore.acquire();
  const waits = Array.from({ length: MANY }, () => semaphore.acquire());
  await fleet.counts("api", 1, MANY);

  expect(await leader.resize("api", MANY + 1)).toBe(true);
  const slots = await Promise.all(waits);
  expect(new Set(slots.map(({ slotNumber }) => slotNumber)).size).toBe(MANY);
  await client.close();
  expect(first.lost?.reason).toBe("closed");
  await fleet.counts("api", 0, 0);

  const sizes = (await fleet.commits()).map(({ events }) => events.length);
  expect(sizes.filter((size) => size >= MANY)).toHaveLength(2);
}, 120_000);

test("commands wait for whoever decides them, and are trimmed only then (trap 16)", async () => {
  const fleet = new Fleet(server, PATIENT);
  // Nobody leads yet.
  const clients = Array.from({ length: 20 }, () => fleet.coordinator({ reconciler: "external" }));
  const waits = clients.flatMap((client, i) =>
    Array.from({ length: 20 }, (_, j) =>
      client.semaphore({ name: `s${i}-${j}`, value: 1 }).acquire(),
    ),
  );
  await until(async () =>
    expect(Number(await server.cli("XLEN", fleet.key("commands")))).toBeGreaterThanOrEqual(
      clients.length,
    ),
  );

  fleet.coordinator();
  const slots = await Promise.all(waits);
  await Promise.all(slots.map((slot) => slot.release()));
  await Promise.all(clients.map((client) => client.close()));
  const events = await fleet.events();
  expect(events.filter(({ type }) => type === "refused")).toEqual([]);
  expect(events.filter(({ type }) => type === "released")).toHaveLength(slots.length);
  expect(await server.cli("XLEN", fleet.key("commands"))).toBe("0");
});

/** Goes as the system's, and leaps when told so. What was set before goes on in its own time. */
class LeapingClock implements Clock {
  private leaptMs = 0;

  now(): number {
    return systemClock.now() + this.leaptMs;
  }

  alarm(ring: () => void): Alarm {
    const alarm = systemClock.alarm(ring);
    return {
      set: (at) => alarm.set(at - this.leaptMs),
      clear: () => alarm.clear(),
      keepAlive: (wanted) => alarm.keepAlive(wanted),
    };
  }

  leap(ms: number): void {
    this.leaptMs += ms;
  }
}

describe("10,000 names that were used once", () => {
  /** A leader whose clock can leap, so that nobody waits for a minute. */
  async function leadLeaping(fleet: Fleet, clock: LeapingClock): Promise<void> {
    const { namespace } = fleet;
    const options = { namespace, clock, pauseMs: 60_000 };
    const { lease, store } = await connected(server, options);
    const listener = { leads() {}, stoodDown() {}, failed() {} };
    const candidate = new Candidate({
      ...{ lease, store, clock, ids: nanoid, listener },
      retention: { events: 1, ageMs: Infinity },
      isNeeded: () => true,
      eager: true,
    });
    candidate.start();
    onTestFinished(() => candidate.stop());
  }

  async function minutePasses(fleet: Fleet, clock: LeapingClock): Promise<void> {
    clock.leap(70_000);
    const commands = fleet.key("commands");
    await server.cli("XADD", commands, `${clock.now()}-*`, "tick", "1");
    await until(async () => expect(await server.cli("XLEN", commands)).toBe("0"));
  }

  /** The keys, and how many bytes they take, apart from the history, which has a limit of its own. */
  async function footprint(fleet: Fleet) {
    const keys = (await server.cli("KEYS", fleet.key("*"))).split("\n").sort();
    const counted = keys.filter((key) => key !== fleet.key("history"));
    const sizes = counted.map((key) => server.cli("MEMORY", "USAGE", key, "SAMPLES", "0"));
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + Number(size), 0);
    return { keys, bytes };
  }

  test("are forgotten after a minute, and their keys and memory come back (trap 15)", async () => {
    const fleet = new Fleet(server, PATIENT);
    const clock = new LeapingClock();
    await leadLeaping(fleet, clock);
    const client = fleet.coordinator({ reconciler: "external" });
    await client.semaphore({ name: "first", value: 1 }).use(() => {});
    const before = await footprint(fleet);

    const names = Array.from({ length: 10_000 }, (_, i) => `name-${i}`);
    await Promise.all(names.map((name) => client.semaphore({ name, value: 1 }).use(() => {})));
    const full = await footprint(fleet);
    const takenBytes = full.bytes - before.bytes;
    expect(takenBytes).toBeGreaterThan(100 * names.length);

    await fleet.counts("first", 0, 0);
    await until(async () => {
      // Once more if another term begins just then: that one takes the leap for a jump of the server's clock.
      await minutePasses(fleet, clock);
      expect(await server.cli("HLEN", fleet.key("semaphores"))).toBe("1");
    });
    const after = await footprint(fleet);
    expect(before.keys).toEqual(expect.arrayContaining(after.keys));
    // Redis keeps the empty tables of its hashes for a while, but nothing for each name.
    expect(after.bytes - before.bytes).toBeLessThan(takenBytes / 4);
    expect(await server.cli("HLEN", fleet.key("sessions"))).toBe("1");
    expect(Number(await server.cli("XLEN", fleet.key("history")))).toBeLessThan(500);
  }, 120_000);
});
