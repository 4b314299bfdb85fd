/** Options of Redis mode: each mistake gets an error that names the option and the remedy. */

import { describe, expect, test } from "vitest";
import { InvalidOptionError } from "../../src/errors.js";
import { checkRedis, type RedisOption } from "../../src/semaphore/redis-config.js";

/** What somebody without types may pass. */
const check = (option: unknown) => checkRedis(option as RedisOption);

const client = { duplicate: () => client, options: {}, status: "ready" };

describe("Redis may be given", () => {
  test.each([
    ["not at all", undefined, "redis://localhost:6379"],
    ["as a URL", "redis://there:1", "redis://there:1"],
    ["as a URL among other options", { url: "redis://there:1" }, "redis://there:1"],
    ["as an ioredis instance", client, client],
    ["as an ioredis instance among other options", { client, namespace: "x" }, client],
    ["as an address", { host: "there", port: 7 }, { host: "there", port: 7 }],
  ])("%s", (_how, option, source) => {
    expect(check(option).source).toEqual(source);
  });

  test("as a URL, with credentials beside it", () => {
    const { source } = check({ url: "rediss://u:p@there:1/2", password: "secret" });
    expect(source).toMatchObject({
      host: "there",
      port: 1,
      db: 2,
      tls: true,
      username: "u",
      password: "secret",
    });
  });
});

test("without more, everything is as most want it", () => {
  expect(check(undefined)).toMatchObject({
    embedded: true,
    failoverPauseMs: 15_000,
    responseTimeoutMs: 5_000,
  });
});

describe("a mistake is named", () => {
  test.each([
    [7, "redis"],
    [null, "redis"],
    [{ uri: "redis://there" }, "uri"],
    [{ url: "redis://there", host: "here" }, "host"],
    [{ client, url: "redis://there" }, "url"],
    [{ client, password: "x" }, "password"],
    [{ namespace: 7 }, "namespace"],
    [{ reconciler: "none" }, "reconciler"],
    [{ historyRetention: -1 }, "historyRetention"],
    [{ historyRetention: 0 }, "historyRetention"],
    [{ failoverPauseMs: 499 }, "failoverPauseMs"],
    [{ failoverPauseMs: "1s" }, "failoverPauseMs"],
    [{ responseTimeoutMs: 0 }, "responseTimeoutMs"],
    [{ logger: {} }, "logger"],
  ])("%j: %s", (option, name) => {
    let error: unknown;
    try {
      check(option);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option: name });
  });
});
