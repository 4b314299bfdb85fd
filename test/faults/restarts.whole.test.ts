/** Redis itself fails: with its data, without its last moments, with nothing left. */

import { describe, expect, onTestFinished, test } from "vitest";
import { called, Fleet, until } from "../support/fleet.js";
import { type RedisConfiguration, type RedisServer, startRedis } from "../support/redis-server.js";

const DURABLE = { appendonly: "yes", appendfsync: "always" };

/** A fleet with a server of its own, whose holders may be silent for so long. */
async function fleetWith(heartbeatMs: number, configuration: RedisConfiguration = DURABLE) {
  const server = await startRedis(configuration);
  // After whoever uses it was closed.
  onTestFinished(() => server[Symbol.asyncDispose]());
  const fleet = new Fleet(server, { failoverPauseMs: heartbeatMs });
  const api = { ...called("api"), heartbeatMaxIntervalMs: heartbeatMs };
  const two = { ...called("two", 2), heartbeatMaxIntervalMs: heartbeatMs };
  return { server, fleet, api, two };
}

describe("when Redis was restarted with its data", () => {
  test.each([
    ["in order", (server: RedisServer) => server.stop()],
    ["by kill -9", (server: RedisServer) => server.kill()],
  ])("%s, who holds keeps its slot, and who waits gets it, after a pause", async (_how, end) => {
    const { server, fleet, api } = await fleetWith(3_000);
    const [holder, waiter] = await Promise.all([fleet.member(), fleet.member()]);
    const slot = await holder.acquire(api);
    const waits = waiter.acquire(api);
    await fleet.counts("api", 1, 1);

    await end(server);
    await server.start();
    expect(await holder.release(slot)).toBe(true);
    const got = await waits;
    const { pausedUntil } = await fleet.event("restarted");
    expect(got.grantedAt).toBeGreaterThanOrEqual(pausedUntil);
    expect(got.fencingToken).toBeGreaterThan(slot.fencingToken);
    expect(await waiter.release(got)).toBe(true);
  });

  test("while nobody holds or waits, work goes on after the pause", async () => {
    const { server, fleet, api } = await fleetWith(500);
    const member = await fleet.member();
    await member.tell("work", api, 1);
    await server.restart();
    await member.tell("work", api, 1);
    expect(await server.cli("HGET", fleet.key("meta"), "incarnation")).toBe("2");
  });

  test("while a fleet works, every job is done, one at a time", async () => {
    // Grants pause for as long after each restart; on a busy machine, somebody may be late by much.
    const { server, fleet, api } = await fleetWith(2_000);
    const workers = await Promise.all([fleet.member(), fleet.member()]);
    const done = Promise.all(workers.map((worker) => worker.tell("work", api, 50)));
    await fleet.event("granted");
    await server.restart();
    await fleet.event("restarted");
    await server.restart();
    await done;
    let held = 0;
    for (const { type } of await fleet.events()) {
      if (type === "granted") held++;
      if (type === "released" || type === "expired") held--;
      expect(held).toBeLessThanOrEqual(1);
    }
  });
});

describe("when an older data file of Redis was restored (trap 29)", () => {
  /** Afterwards it has what it had when it was saved. */
  async function restore(server: RedisServer): Promise<void> {
    await server.kill();
    await server.start();
  }

  test("a holder that it forgot says so and keeps its slot, as the other one does", async () => {
    const { server, fleet, two } = await fleetWith(5_000, {});
    const [older, newer] = await Promise.all([fleet.member(), fleet.member()]);
    const known = await older.acquire(two);
    await server.cli("SAVE");
    const forgotten = await newer.acquire(two);
    await restore(server);
    const { slot, token } = await fleet.event("reasserted", forgotten.id);
    expect([slot, token]).toEqual([forgotten.slotNumber, forgotten.fencingToken]);
    const waits = older.acquire(two);
    const { pausedUntil } = await fleet.event("restarted");
    await fleet.counts("two", 2, 1);
    expect(await older.release(known)).toBe(true);
    const next = await waits;
    expect(next.slotNumber).toBe(known.slotNumber);
    expect(next.grantedAt).toBeGreaterThanOrEqual(pausedUntil);
    expect(next.fencingToken).toBeGreaterThan(forgotten.fencingToken);
    expect(await newer.release(forgotten)).toBe(true);
    expect(await older.release(next)).toBe(true);
  });

  test("a slot that changed hands since belongs to the last one, and who waited gets it from him", async () => {
    const { server, fleet, api } = await fleetWith(5_000, {});
    const [first, second, third] = await Promise.all([
      fleet.member(),
      fleet.member(),
      fleet.member(),
    ]);
    const before = await first.acquire(api);
    await server.cli("SAVE");
    expect(await first.release(before)).toBe(true);
    const slot = await second.acquire(api);
    const waits = third.acquire(api);
    await fleet.counts("api", 1, 1);
    await restore(server);
    await fleet.event("reasserted", slot.id);
    await fleet.counts("api", 1, 1);
    // Whichever of the two was first to say what it holds, and what not.
    const ends = (await fleet.events()).filter((event) => "acquisition" in event);
    expect(ends).toContainEqual(expect.objectContaining({ acquisition: before.id }));
    expect(await second.release(slot)).toBe(true);
    const next = await waits;
    expect(next.fencingToken).toBeGreaterThan(slot.fencingToken);
    expect(await third.release(next)).toBe(true);
  });

  test("what was given back since is free after the pause", async () => {
    const { server, fleet, api } = await fleetWith(2_000, {});
    const [holder, other] = await Promise.all([fleet.member(), fleet.member()]);
    const slot = await holder.acquire(api);
    await server.cli("SAVE");
    expect(await holder.release(slot)).toBe(true);
    await restore(server);
    const next = await other.acquire(api);
    expect(await other.release(next)).toBe(true);
    const end = await fleet.event("released", slot.id);
    expect(end).toMatchObject({ reason: "left" });
  });

  test("who stands still all through the pause has lost its slot when it goes on", async () => {
    const { server, fleet, api } = await fleetWith(1_000, {});
    const [holder, waiter] = await Promise.all([fleet.client(), fleet.member()]);
    await waiter.tell("work", api, 1);
    await server.cli("SAVE");
    const lost = await holder.acquire(api);
    const waits = waiter.acquire(api);
    await fleet.counts("api", 1, 1);
    holder.stop();
    await restore(server);
    const got = await waits;
    holder.resume();
    expect((await holder.loss(lost)).reason).toBe("heartbeat");
    expect(await holder.release(lost)).toBe(false);
    expect(got.fencingToken).toBeGreaterThan(lost.fencingToken);
    expect(await waiter.release(got)).toBe(true);
  });
});

describe("when Redis is empty", () => {
  test.each([
    [
      "after a restart",
      async (server: RedisServer) => {
        await server.kill();
        await server.start();
      },
    ],
    [
      "after FLUSHALL (trap 13)",
      async (server: RedisServer) => {
        await server.cli("FLUSHALL");
      },
    ],
  ])("%s, a holder keeps its slot, and a waiter gets it from him", async (_when, empty) => {
    const { server, fleet, api } = await fleetWith(5_000, {});
    const [holder, waiter] = await Promise.all([fleet.member(), fleet.member()]);
    const slot = await holder.acquire(api);
    const waits = waiter.acquire(api);
    await fleet.counts("api", 1, 1);

    await empty(server);
    await fleet.event("reasserted", slot.id);
    const { pausedUntil } = await fleet.event("restarted");
    await fleet.counts("api", 1, 1);
    expect(await holder.release(slot)).toBe(true);
    const next = await waits;
    expect(next.grantedAt).toBeGreaterThanOrEqual(pausedUntil);
    expect(next.fencingToken).toBeGreaterThan(slot.fencingToken);
    expect(await waiter.release(next)).toBe(true);
  });
});

describe("when Redis is away for longer than holders may be silent (trap 22)", () => {
  test.each(["stopped", "standing still"])(
    "%s: a holder is told in time, and work goes on after",
    async (how) => {
      const { server, fleet, api } = await fleetWith(1_000);
      const [holder, waiter] = await Promise.all([fleet.member(), fleet.member()]);
      const lost = await holder.acquire(api);
      const waits = waiter.acquire(api);
      await fleet.counts("api", 1, 1);

      if (how === "stopped") await server.stop();
      else server.pause();
      const loss = await holder.loss(lost);
      expect(loss.reason).toBe("heartbeat");
      expect(await holder.release(lost)).toBe(false);
      if (how === "stopped") await server.start();
      else server.resume();
      const got = await waits;
      expect(got.grantedAt).toBeGreaterThan(loss.at);
      expect(await waiter.release(got)).toBe(true);
      await holder.tell("work", api, 1);
    },
  );

  test("who asks meanwhile is told that nobody answers, and why", async () => {
    const { server, fleet, api } = await fleetWith(1_000);
    const member = await fleet.member({ responseTimeoutMs: 500 });
    await member.tell("work", api, 1);
    await server.stop();
    const failure = { code: "BACKEND_UNAVAILABLE", cause: { code: "BACKEND_UNAVAILABLE" } };
    await expect(member.tryAcquire(api)).rejects.toMatchObject(failure);
    await expect(member.call(api, "locked")).rejects.toMatchObject(failure);
    const late = member.acquire(api, { maxAcquireTimeMs: 100 });
    await expect(late).rejects.toMatchObject({ ...failure, code: "ACQUIRE_TIMEOUT" });
    const waits = member.acquire(api);
    await server.start();
    expect(await member.release(await waits)).toBe(true);
  });
});

test("a server that forgets its scripts is given them again, whatever is under way", async () => {
  const { server, fleet, api } = await fleetWith(5_000, {});
  const semaphores = [fleet.coordinator(), fleet.coordinator()].map((each) => each.semaphore(api));
  for (let times = 0; times < 20; times++) {
    const done = semaphores.map((semaphore) => semaphore.use(() => "done"));
    await server.cli("SCRIPT", "FLUSH");
    expect(await Promise.all(done)).toEqual(["done", "done"]);
  }
  expect((await fleet.events()).filter(({ type }) => type === "granted")).toHaveLength(40);
});

describe("when the memory of Redis is full", () => {
  const full = (server: RedisServer) => server.cli("CONFIG", "SET", "maxmemory", "1");
  const enough = (server: RedisServer) => server.cli("CONFIG", "SET", "maxmemory", "0");

  test("nobody gets in, holders lose in time what they cannot keep, and work goes on after", async () => {
    const { server, fleet, api } = await fleetWith(1_000, {});
    const [holder, other] = await Promise.all([
      fleet.member(),
      fleet.member({ responseTimeoutMs: 500 }),
    ]);
    const lost = await holder.acquire(api);
    await other.tell("work", { ...api, name: "other" }, 1);

    await full(server);
    await expect(other.tryAcquire(api)).rejects.toMatchObject({
      code: "BACKEND_UNAVAILABLE",
      cause: { message: expect.stringContaining("its memory is full") },
    });
    const waits = other.acquire(api);
    const loss = await holder.loss(lost);
    expect(loss.reason).toBe("heartbeat");
    await enough(server);
    const got = await waits;
    expect(got.grantedAt).toBeGreaterThan(loss.at);
    expect(await other.release(got)).toBe(true);
    expect(await fleet.epochs()).toHaveLength(1);
  });

  test("for a moment, nobody loses anything", async () => {
    const { server, fleet, api } = await fleetWith(5_000, {});
    const [holder, waiter] = await Promise.all([fleet.member(), fleet.member()]);
    const slot = await holder.acquire(api);
    await full(server);
    const waits = waiter.acquire(api);
    const released = holder.release(slot);
    await until(async () =>
      expect(await server.cli("INFO", "errorstats")).toContain("errorstat_OOM"),
    );
    await enough(server);
    expect(await released).toBe(true);
    expect(await waiter.release(await waits)).toBe(true);
  });
});
