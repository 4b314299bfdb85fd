/** What is told where the slots live on Redis: by those that acquire, and by those that lead. */

import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { RedisCoordinator, RedisReconciler } from "../../src/index.js";
import { start } from "../cli/support.js";
import { abortOf } from "../contract/backend.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";
import { listen, listenToLives, settled } from "./support.js";

const LEADING = /leading, epoch (\d+)/;

let server: RedisServer;
let made = 0;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

/** A namespace of its own, and one that acquires in it. */
function fleet() {
  const redis = { url: server.url, namespace: `told-${++made}` };
  const coordinator = (reconciler: "embedded" | "external" = "embedded") => {
    const one = new RedisCoordinator({ ...redis, reconciler });
    onTestFinished(() => one.close());
    return one;
  };
  return { redis, coordinator };
}

test("a life on Redis", async () => {
  const { asked, granted, ended } = listenToLives();
  const { coordinator } = fleet();
  const semaphore = coordinator().semaphore({ name: "api", value: 1 });
  const first = await semaphore.acquire();
  const waiting = semaphore.acquire();
  await vi.waitFor(async () => expect((await semaphore.stats()).queued).toBe(1));
  await first.release();
  const second = await waiting;
  await second.release();
  expect(asked).toEqual(
    [first, second].map(({ id }) => ({
      id,
      semaphore: "api",
      value: 1,
      mode: "redis",
      noWait: false,
    })),
  );
  expect(granted).toMatchObject([
    { asked: asked[0], token: first.fencingToken, waitMs: expect.any(Number) },
    { asked: asked[1], acquisition: second.id, token: second.fencingToken, position: 1 },
  ]);
  expect(ended).toMatchObject([
    { asked: asked[0], outcome: "released" },
    { asked: asked[1], outcome: "released" },
  ]);
  for (const one of [...granted, ...ended]) expect(Object(one).waitMs).toBeGreaterThan(0);
});

test("what is lost to an operator, to its TTL and to the end of its coordinator", async () => {
  const { ended } = listenToLives();
  const { coordinator } = fleet();
  const [one, other] = [coordinator(), coordinator()];
  const of = (name: string, options = {}) => one.semaphore({ name, value: 1, ...options });
  const revoked = await of("revoked").acquire();
  await other.revoke(revoked.id);
  await abortOf(revoked.signal);
  await abortOf((await of("late", { ttlMs: 30 }).acquire()).signal);
  await of("closed").acquire();
  const waiting = of("closed").acquire();
  await vi.waitFor(async () => expect((await of("closed").stats()).queued).toBe(1));
  await settled(one.close(), waiting);
  expect(ended.map((end) => `${Object(end).outcome} ${Object(end).reason}`).sort()).toEqual([
    "abandoned closed",
    "expired revoked",
    "expired ttl",
    "lost closed",
  ]);
});

test("a wait that nobody can ever end", async () => {
  const { ended } = listenToLives();
  const coordinator = new RedisCoordinator({ url: server.url.replace("//", "//nobody:wrong@") });
  onTestFinished(() => coordinator.close());
  await settled(coordinator.semaphore({ name: "api", value: 1 }).acquire());
  expect(ended).toMatchObject([{ outcome: "abandoned", reason: "unreachable" }]);
});

test("terms and commits of the leader in this process", async () => {
  const committed = listen("slotstream:reconciler:committed");
  const begun = listen("slotstream:reconciler:term-begun");
  const terms = listen("slotstream:reconciler:term-ended");
  const { redis, coordinator } = fleet();
  const reconciler = new RedisReconciler(redis);
  reconciler.start();
  onTestFinished(() => reconciler.stop());
  const client = coordinator("external");
  const semaphore = client.semaphore({ name: "api", value: 5 });
  const slots = await Promise.all(Array.from({ length: 5 }, () => semaphore.acquire()));
  await Promise.all(slots.map((slot) => slot.release()));
  await client.close();
  const { epoch } = reconciler.health();
  await reconciler.stop();
  expect(begun).toEqual([{ epoch }]);
  expect(terms).toEqual([
    { epoch, reason: "resigned", commits: expect.any(Number), durationMs: expect.any(Number) },
  ]);
  const total = (what: string) => committed.reduce((sum, one) => sum + Object(one)[what], 0);
  expect(Object(terms[0]).commits).toBeGreaterThanOrEqual(committed.length);
  // Five acquires, five releases; queued, granted and released for each; besides ticks.
  expect(total("commands")).toBeGreaterThanOrEqual(10);
  expect(total("events")).toBeGreaterThanOrEqual(15);
  for (const one of committed) {
    const { entries, commands, lagMs, durationMs } = Object(one);
    expect(Object(one).epoch).toBe(epoch);
    expect(commands).toBeGreaterThanOrEqual(entries);
    expect(lagMs).toBeGreaterThanOrEqual(0);
    expect(durationMs).toBeGreaterThan(0);
  }
});

test("how long a client waited for another leader", async () => {
  const failover = listen("slotstream:session:failover");
  const { redis, coordinator } = fleet();
  const args = ["reconciler", "--redis", redis.url, "--namespace", redis.namespace];
  const first = start(args);
  await first.said(LEADING);
  const second = start(args);
  await second.said(/standing by/);
  const semaphore = coordinator("external").semaphore({ name: "api", value: 1 });
  await (await semaphore.acquire()).release();
  expect(failover).toEqual([]);
  first.child.kill("SIGKILL");
  await first.ended();
  const askedAt = performance.now();
  await semaphore.acquire();
  const waitedMs = performance.now() - askedAt;
  const [, epoch] = await second.said(LEADING);
  expect(failover).toEqual([{ epoch: Number(epoch), durationMs: expect.any(Number) }]);
  const { durationMs } = Object(failover[0]);
  expect(durationMs).toBeGreaterThan(10);
  expect(durationMs).toBeLessThanOrEqual(waitedMs + 1);
});
