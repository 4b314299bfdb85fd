/** Processes that stand still for a while (SIGSTOP) and go on as if nothing had happened. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { called, Fleet } from "../support/fleet.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

const api = called("api");

test("a leader that stood still beyond its lease commits nothing more, and steps down", async () => {
  const fleet = new Fleet(server);
  const old = await fleet.leader();
  const standby = await fleet.reconciler();
  const client = await fleet.client();
  await client.tell("work", api, 3);

  old.stop();
  // What is asked now answers the read of the one that stands still: it finds something to decide on waking.
  await client.tell("work", api, 3);
  const { epoch } = await standby.leads.take();
  old.resume();
  await old.standsDown.take();
  await client.tell("work", api, 3);

  const epochs = await fleet.epochs();
  expect(epochs).toHaveLength(2);
  expect(epochs.at(-1)).toBe(epoch);
  expect(await old.tell("leading")).toBe(false);
  expect(await standby.tell("leading")).toBe(true);
});

test("a client that leads and stood still has to let go of the lead, and of its slot", async () => {
  const fleet = new Fleet(server);
  const old = await fleet.member();
  const lost = await old.acquire(api);
  await old.leads.take();
  const next = await fleet.member();
  const waits = next.acquire(api);
  await fleet.counts("api", 1, 1);

  old.stop();
  const got = await waits;
  old.resume();
  expect((await old.loss(lost)).reason).toBe("heartbeat");
  expect(await old.release(lost)).toBe(false);
  await old.standsDown.take();

  expect(got.fencingToken).toBeGreaterThan(lost.fencingToken);
  await fleet.counts("api", 1, 0);
  expect(await fleet.epochs()).toHaveLength(2);
  expect(await next.release(got)).toBe(true);
});

test("a waiter that stood still is not served meanwhile, and gets its slot at the tail", async () => {
  const fleet = new Fleet(server);
  const [holder, sleeper, other] = await Promise.all([
    fleet.member(),
    fleet.client(),
    fleet.client(),
  ]);
  const slot = await holder.acquire(api);
  const sleeperGets = sleeper.acquire(api);
  await fleet.counts("api", 1, 1);

  sleeper.stop();
  await fleet.counts("api", 1, 0);
  const otherGets = other.acquire(api);
  await fleet.counts("api", 1, 1);
  sleeper.resume();
  await fleet.counts("api", 1, 2);
  await holder.release(slot);
  const got = await otherGets;
  await other.release(got);
  expect((await sleeperGets).fencingToken).toBeGreaterThan(got.fencingToken);
});

test("a holder that stood still shorter than its interval keeps its slot", async () => {
  const fleet = new Fleet(server, { failoverPauseMs: 20_000 });
  const [leader, holder] = await Promise.all([fleet.leader(), fleet.client()]);
  const slot = await holder.acquire({ ...api, heartbeatMaxIntervalMs: 20_000 });
  holder.stop();
  // Others go on as long as it is stopped.
  await leader.tell("work", called("other"), 3);
  holder.resume();
  expect(await holder.release(slot)).toBe(true);
});
