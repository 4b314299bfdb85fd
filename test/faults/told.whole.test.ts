/** Somebody deletes what is kept for sessions until they have seen it: every wait ends all the same, or is refused aloud. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { called, Fleet } from "../support/fleet.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";
import { proxyTo } from "../support/tcp-proxy.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Long enough for another leader. */
const api = { ...called("api"), heartbeatMaxIntervalMs: 3_000 };

/** One process leads, another one holds the slot, a third one waits for it. */
async function inUse() {
  const fleet = new Fleet(server, { failoverPauseMs: 3_000 });
  const leader = await fleet.leader();
  const [holder, waiter] = await Promise.all([fleet.client(), fleet.client()]);
  const slot = await holder.acquire(api);
  const waits = waiter.acquire(api);
  await fleet.counts("api", 1, 1);
  const deleteTold = () => server.cli("DEL", fleet.key("told"));
  return { fleet, leader, holder, waiter, slot, waits, deleteTold };
}

test("while one leads: who holds keeps its slot, and who waits gets it", async () => {
  const { fleet, holder, waiter, slot, waits, deleteTold } = await inUse();
  expect(await deleteTold()).toBe("1");
  expect(await holder.release(slot)).toBe(true);
  const next = await waits;
  expect(next.slotNumber).toBe(0);
  expect(await waiter.release(next)).toBe(true);
  const types = (await fleet.events()).map(({ type }) => type);
  expect(types).not.toContain("expired");
  expect(types.filter((type) => type === "granted")).toHaveLength(2);
});

test("before another one leads: nothing is granted, and the error says so (trap 13)", async () => {
  const { fleet, leader, deleteTold } = await inUse();
  await leader.kill();
  await deleteTold();
  const next = await fleet.member({ responseTimeoutMs: 2_000 });
  const refusal = await next.tryAcquire(api).catch((error) => error);
  expect(JSON.stringify(refusal)).toContain(`${fleet.key("told")} in Redis is missing`);
});

test("before another one leads, with something told since: who heard more begins again, and every wait ends", async () => {
  const { fleet, leader, holder, waiter, slot, waits, deleteTold } = await inUse();
  const other = await fleet.client();
  await deleteTold();
  await other.tell("work", called("other"), 1);
  await leader.kill();
  await fleet.leader();
  // The next leader does not know what the two heard last. They take nothing for granted that follows it.
  await holder.release(slot);
  const next = await waits;
  expect(next.fencingToken).toBeGreaterThan(slot.fencingToken);
  expect(await waiter.release(next)).toBe(true);
  await fleet.counts("api", 0, 0);
});

test("together with a message that was lost: who was granted a slot unheard asks for it again", async () => {
  const fleet = new Fleet(server, { failoverPauseMs: 3_000 });
  const proxy = await proxyTo(server);
  const holder = fleet.coordinator();
  const slot = await holder.semaphore(api).acquire();
  const client = fleet.coordinator({ url: proxy.url, reconciler: "external" });
  const waits = client.semaphore(api).acquire();
  await fleet.counts("api", 1, 1);
  proxy.loses = ({ from, text }) => from === "server" && /smessage.*granted/s.test(text);
  expect(await slot.release()).toBe(true);
  await server.cli("DEL", fleet.key("told"));
  proxy.loses = () => false;
  const next = await waits;
  expect(await next.release()).toBe(true);
  await fleet.counts("api", 0, 0);
});
