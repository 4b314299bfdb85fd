/** close() of a coordinator that leads, when Redis does not answer: it waits once, or not at all where nothing will come. */

import { expect, onTestFinished, test } from "vitest";
import { RedisCoordinator } from "../../src/index.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

/** Half of it may pass because the machine is busy. */
const RESPONSE_MS = 4_000;

test.each<[string, (server: RedisServer) => Promise<void>]>([
  ["is gone", (server) => server.kill()],
  ["says nothing", async (server) => server.pause()],
])("Redis %s", async (_how, fail) => {
  const server = await startRedis();
  onTestFinished(() => server[Symbol.asyncDispose]());
  const coordinator = new RedisCoordinator({ url: server.url, responseTimeoutMs: RESPONSE_MS });
  const slot = await coordinator.semaphore({ name: "api", value: 1 }).acquire();
  await fail(server);
  const begun = performance.now();
  await coordinator.close();
  expect(performance.now() - begun).toBeLessThan(1.5 * RESPONSE_MS);
  expect(slot.lost).toMatchObject({ reason: "closed" });
});

test("a password that is changed: what is held is told, and close({ drainMs }) does not wait", async () => {
  const server = await startRedis();
  onTestFinished(() => server[Symbol.asyncDispose]());
  await server.cli("ACL", "SETUSER", "app", "on", ">old", "~*", "&*", "+@all");
  const url = server.url.replace("//", "//app:old@");
  const coordinator = new RedisCoordinator({ url });
  const semaphore = coordinator.semaphore({ name: "api", value: 1 });
  const slot = await semaphore.acquire();
  await server.cli("ACL", "SETUSER", "app", "resetpass", ">new");
  await server.cli("CLIENT", "KILL", "USER", "app");
  await expect(semaphore.acquire()).rejects.toThrow("WRONGPASS");
  expect(slot.lost).toBeUndefined();
  const begun = performance.now();
  await coordinator.close({ drainMs: 60_000 });
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(slot.lost).toMatchObject({ reason: "closed" });
});
