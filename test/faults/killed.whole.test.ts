/** Processes that are killed with `kill -9`, at whatever they were doing. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { called, Fleet, SHORT_MS, until } from "../support/fleet.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

const api = called("api");

describe("when a client is killed", () => {
  test("that holds a slot, the slot goes to the next within a heartbeat interval (trap 2)", async () => {
    const fleet = new Fleet(server);
    const [holder, waiter] = await Promise.all([fleet.client(), fleet.client(), fleet.leader()]);
    const lost = await holder.acquire(api);
    const waits = waiter.acquire(api);
    await fleet.counts("api", 1, 1);

    await holder.kill();
    const got = await waits;
    expect(got.slotNumber).toBe(lost.slotNumber);
    expect(got.fencingToken).toBeGreaterThan(lost.fencingToken);
    const expired = await fleet.event("expired", lost.id);
    expect(expired.reason).toBe("heartbeat");
  });

  test("that said nothing of heartbeats, its slot comes back all the same (trap 25)", async () => {
    const fleet = new Fleet(server);
    const holder = await fleet.member();
    await holder.acquire({ name: "api", value: 1 });
    const next = await fleet.member();

    await holder.kill();
    await next.acquire({ name: "api", value: 1 });
    expect((await fleet.event("expired")).reason).toBe("heartbeat");
  });

  test("that waits behind others, nobody else notices (trap 6)", async () => {
    const fleet = new Fleet(server);
    const [holder, first, second, third] = await Promise.all([
      fleet.member(),
      fleet.client(),
      fleet.client(),
      fleet.client(),
    ]);
    const slot = await holder.acquire(api);
    const firstGets = first.acquire(api);
    await fleet.counts("api", 1, 1);
    second.acquire(api);
    await fleet.counts("api", 1, 2);
    const thirdGets = third.acquire(api);
    await fleet.counts("api", 1, 3);

    await second.kill();
    await fleet.counts("api", 1, 2);
    await holder.release(slot);
    await first.release(await firstGets);
    await thirdGets;
    expect((await fleet.event("abandoned")).reason).toBe("lost");
  });

  test("that is the head of the queue, the next one is served (trap 6)", async () => {
    const fleet = new Fleet(server);
    const [holder, head, next] = await Promise.all([
      fleet.member(),
      fleet.client(),
      fleet.client(),
    ]);
    const slot = await holder.acquire(api);
    head.acquire(api);
    await fleet.counts("api", 1, 1);
    const gets = next.acquire(api);
    await fleet.counts("api", 1, 2);

    await Promise.all([head.kill(), holder.release(slot)]);
    await gets;
    const granted = (await fleet.events()).filter(({ type }) => type === "granted");
    // If the dead one got it first, it was for no longer than its silence was allowed.
    expect(granted.length).toBeLessThanOrEqual(3);
  });
});

describe("when the leader is killed", () => {
  test("that is a dedicated one, another one leads, and nothing is lost", async () => {
    const fleet = new Fleet(server, { failoverPauseMs: 10_000 });
    const first = await fleet.leader();
    const standby = await fleet.reconciler();
    const [holder, waiter] = await Promise.all([fleet.client(), fleet.client()]);
    const semaphore = { ...called("api"), heartbeatMaxIntervalMs: 10_000 };
    const slot = await holder.acquire(semaphore);
    const waits = waiter.acquire(semaphore);
    await fleet.counts("api", 1, 1);

    await first.kill();
    expect(await holder.release(slot)).toBe(true);
    const got = await waits;
    expect(got.fencingToken).toBeGreaterThan(slot.fencingToken);
    await standby.leads.take();
    const epochs = await fleet.epochs();
    expect(epochs).toHaveLength(2);
    expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
  });

  test("that is one of the clients, another client leads; its own slot comes back", async () => {
    const fleet = new Fleet(server);
    const first = await fleet.member();
    const held = await first.acquire(api);
    await first.leads.take();
    const second = await fleet.member();
    const waits = second.acquire(api);
    await fleet.counts("api", 1, 1);

    await first.kill();
    expect((await waits).fencingToken).toBeGreaterThan(held.fencingToken);
    const { epoch } = await second.leads.take();
    expect((await fleet.epochs()).at(-1)).toBe(epoch);
  });

  test("again and again, every job is done once, one at a time", async () => {
    const fleet = new Fleet(server);
    const workers = await Promise.all([fleet.client(), fleet.client()]);
    const done = Promise.all(workers.map((worker) => worker.tell("work", api, 100)));
    for (let killed = 0; killed < 3; killed++) {
      const leader = await fleet.leader();
      await until(async () => {
        const [last] = (await fleet.epochs()).slice(-1);
        expect(String(last)).toBe(await server.cli("HGET", fleet.key("meta"), "epoch"));
      });
      await leader.kill();
    }
    await fleet.leader();
    await done;

    const held = new Set<string>();
    let grants = 0;
    for (const event of await fleet.events()) {
      if (event.type === "granted") {
        expect(held.size).toBe(0);
        held.add(event.acquisition);
        grants++;
      }
      if (event.type === "released" || event.type === "expired") held.delete(event.acquisition);
    }
    expect(grants).toBeGreaterThanOrEqual(200);
  });
});

test("a session that is killed while it holds leaves nothing behind but history", async () => {
  const fleet = new Fleet(server);
  const [holder] = await Promise.all([fleet.client(), fleet.leader()]);
  await holder.acquire(api, { ttlMs: 60_000 });
  await holder.kill();
  await fleet.counts("api", 0, 0);
  const expired = await fleet.event("expired");
  const granted = await fleet.event("granted");
  expect(expired.at - granted.at).toBeGreaterThan(SHORT_MS);
  expect(await server.cli("HLEN", fleet.key("acquisitions"))).toBe("1");
});
