/** What users may give by mistake: each has its error, as they meet it. */

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  BackendUnavailableError,
  InvalidOptionError,
  ProtocolError,
  RedisSemaphore,
} from "../../src/index.js";
import { called, Fleet } from "../support/fleet.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

const QUICK = { responseTimeoutMs: 300 };

/** Plays Redis 6. */
async function oldServer(): Promise<string> {
  const info = "redis_version:6.2.14\r\nrole:master";
  const stub = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (data) => {
      const isInfo = /info/i.test(String(data)) && !/client/i.test(String(data));
      socket.write(isInfo ? `$${info.length}\r\n${info}\r\n` : "+OK\r\n");
    });
  });
  stub.listen(0, "127.0.0.1");
  await once(stub, "listening");
  onTestFinished(() => void stub.close());
  return `redis://127.0.0.1:${(stub.address() as AddressInfo).port}`;
}

/** With which errors an acquire and an attempt are refused there. */
async function refusals(url: string) {
  const semaphore = new Fleet(server).coordinator({ url, ...QUICK }).semaphore(called("api"));
  const acquire = semaphore.acquire({ maxAcquireTimeMs: 300 });
  const attempt = semaphore.tryAcquire();
  const [acquired, tried] = await Promise.allSettled([acquire, attempt]);
  if (acquired.status !== "rejected" || tried.status !== "rejected") throw new Error("no refusal");
  return { acquired: acquired.reason, tried: tried.reason };
}

describe("a server", () => {
  test("that is not there: each says so, in time", async () => {
    const { acquired, tried } = await refusals("redis://127.0.0.1:1");
    expect(acquired).toMatchObject({ code: "ACQUIRE_TIMEOUT" });
    expect(tried).toBeInstanceOf(BackendUnavailableError);
    for (const { cause } of [acquired, tried]) expect(cause.message).toContain("ECONNREFUSED");
  });

  test("that is too old: each is refused, and told which one is needed", async () => {
    const { acquired, tried } = await refusals(await oldServer());
    for (const error of [acquired, tried]) {
      expect(error).toBeInstanceOf(ProtocolError);
      expect(error.message).toContain("needs Redis 7.0");
    }
  });

  test("with another password: each is refused, without telling it", async () => {
    await using locked = await startRedis({ requirepass: "secret" });
    const { acquired, tried } = await refusals(locked.url.replace("//", "//:wrong-one@"));
    for (const error of [acquired, tried]) {
      expect(error).toBeInstanceOf(InvalidOptionError);
      expect(error.option).toBe("redis");
      expect(error.message).not.toMatch(/secret|wrong-one/);
    }
  });
});

test.each(["a\nb", "a\u0000", "a\u0085", "a\ud800"])(
  "an id that none can be (%j) is refused, and the session goes on",
  async (id) => {
    const semaphore = new Fleet(server).coordinator().semaphore(called("api"));
    const slot = await semaphore.acquire();
    for (const asked of [semaphore.release(id), semaphore.revoke(id)]) {
      await expect(asked).rejects.toMatchObject({ option: "id" });
    }
    expect(await slot.release()).toBe(true);
  },
);

test.each([
  ["name", { name: "a\nb" }],
  ["name", { name: "ä".repeat(257) }],
  ["name", { name: "" }],
  ["value", { value: 0 }],
  ["value", { value: 1e9 }],
  ["heartbeatMaxIntervalMs", { heartbeatMaxIntervalMs: 499 }],
  ["heartbeatMaxIntervalMs", { heartbeatMaxIntervalMs: 15_001 }],
  ["redis", { redis: "http://localhost" }],
  ["redis", { redis: "redis://app:100%@localhost" }],
  ["redis", { redis: { port: "6379" } }],
  ["client", { redis: { client: {} } }],
  ["namespace", { redis: { namespace: "a{b" } }],
  ["reconciler", { redis: { reconciler: "somewhere" } }],
])("a wrong %s is refused before anything is asked: %j", (option, options) => {
  const wrong: unknown = { name: "api", value: 1, ...options };
  // @ts-expect-error The types refuse some of it as well.
  expect(() => new RedisSemaphore(wrong)).toThrow(expect.objectContaining({ option }));
});
