/** Clients whose clocks are wrong: nobody's clock decides but the server's (trap 9). */

import { afterAll, beforeAll, expect, test } from "vitest";
import { called, Fleet } from "../support/fleet.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

const HOUR_MS = 3_600_000;
const api = called("api");
const PATIENT = { failoverPauseMs: 10_000 };

/** A module to load first, after which the clock is off. */
const clock = (ms: number, rate = 1) =>
  new URL(`fixtures/shift.js?ms=${ms}&rate=${rate}`, import.meta.url).href;

test.each([
  ["an hour fast", HOUR_MS],
  ["an hour slow", -HOUR_MS],
])("a clock that is %s makes nobody lose a slot early, or keep it late", async (_how, ms) => {
  const fleet = new Fleet(server, PATIENT);
  const [right, wrong] = await Promise.all([fleet.member(), fleet.client({}, clock(ms))]);
  const semaphore = { ...api, heartbeatMaxIntervalMs: 10_000 };
  for (const [holder, waiter] of [[right, wrong] as const, [wrong, right] as const]) {
    const slot = await holder.acquire(semaphore, { ttlMs: 1_000 });
    const got = await waiter.acquire(semaphore);
    expect((await holder.loss(slot)).reason).toBe("ttl");
    // It gives the slot back by itself, on the safe side of the TTL.
    expect(got.grantedAt - slot.grantedAt).toBeGreaterThan(900);
    // By the server's clock, whatever theirs say.
    expect(Math.abs(got.grantedAt - Date.now())).toBeLessThan(60_000);
    expect(await waiter.release(got)).toBe(true);
  }
});

test("clocks that are hours apart, one of them twice as fast, change nothing of the order", async () => {
  const fleet = new Fleet(server, PATIENT);
  const offs = [clock(HOUR_MS), clock(-HOUR_MS), clock(0, 2)];
  const holder = await fleet.member();
  const waiters = await Promise.all(offs.map((off) => fleet.client({}, off)));
  const semaphore = { ...api, heartbeatMaxIntervalMs: 10_000 };
  const slot = await holder.acquire(semaphore);
  const order: number[] = [];
  const gets = [];
  for (const [place, waiter] of waiters.entries()) {
    const got = waiter.acquire(semaphore).then(async (slot) => {
      order.push(place);
      return waiter.release(slot);
    });
    gets.push(got);
    await fleet.counts("api", 1, place + 1);
  }
  await holder.release(slot);
  expect(await Promise.all(gets)).toEqual([true, true, true]);
  expect(order).toEqual([0, 1, 2]);
});

test.each([HOUR_MS, -HOUR_MS])(
  "a leader whose clock is off by %i ms decides the same",
  async (ms) => {
    const fleet = new Fleet(server);
    const leader = await fleet.member({}, clock(ms));
    const slot = await leader.acquire(api);
    await leader.leads.take();
    const [killed, next] = await Promise.all([fleet.client(), fleet.client()]);
    killed.acquire(api);
    await fleet.counts("api", 1, 1);
    await killed.kill();
    await fleet.counts("api", 1, 0);
    const waits = next.acquire(api);
    await fleet.counts("api", 1, 1);
    expect(await leader.release(slot)).toBe(true);
    expect(await next.release(await waits)).toBe(true);
    const ends = (await fleet.events()).map(({ type }) => type);
    expect(ends).not.toContain("rebased");
    expect(ends).not.toContain("expired");
  },
);
