/** Options of Redis mode: each mistake gets an error that names the option and the remedy. */

import { describe, expect, test } from "vitest";
import { InvalidOptionError } from "../../src/errors.js";
import { checkRedis } from "../../src/semaphore/redis-config.js";

/** As much of an ioredis instance as is looked at. */
const client = {
  options: {},
  status: "ready",
  duplicate: () => client,
  connect: async () => {},
  disconnect: () => {},
  call: async () => {},
  on: () => {},
};

/** A client of the package `redis` has methods of the same names, and others. */
class NodeRedis {
  readonly isOpen = false;
  readonly options = { password: "secret" };
  duplicate() {}
  connect() {}
  disconnect() {}
  sendCommand() {}
  on() {}
}

/** With which error it is refused. */
function refusal(option: unknown): InvalidOptionError {
  try {
    checkRedis(option);
  } catch (error) {
    if (error instanceof InvalidOptionError) return error;
    throw error;
  }
  throw new Error("it was taken");
}

describe("Redis may be given", () => {
  test.each([
    ["not at all", undefined, "redis://localhost:6379"],
    ["as a URL", "redis://there:1", "redis://there:1"],
    ["as a URL among other options", { url: "redis://there:1" }, "redis://there:1"],
    ["as an ioredis instance", client, client],
    ["as an ioredis instance among other options", { client, namespace: "x" }, client],
    ["as an address", { host: "there", port: 7 }, { host: "there", port: 7 }],
  ])("%s", (_how, option, source) => {
    expect(checkRedis(option).source).toEqual(source);
  });

  test("as a URL, with credentials beside it", () => {
    const { source } = checkRedis({ url: "rediss://u:p@there:1/2", password: "secret" });
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
  expect(checkRedis(undefined)).toMatchObject({
    embedded: true,
    failoverPauseMs: 15_000,
    responseTimeoutMs: 5_000,
  });
});

describe("a mistake is named", () => {
  test.each([
    [7, "redis"],
    [null, "redis"],
    [["redis://there"], "redis"],
    [{ url: 7 }, "url"],
    [{ url: null }, "url"],
    [{ client: {} }, "client"],
    [{ client: null }, "client"],
    [{ client: "redis://there" }, "client"],
    [{ client: { ...client, call: undefined } }, "client"],
    [{ client: { ...client, options: undefined } }, "client"],
    [{ client: { ...client, status: undefined } }, "client"],
    [{ uri: "redis://there" }, "uri"],
    [{ url: "redis://there", host: "here" }, "host"],
    [{ client, url: "redis://there" }, "url"],
    [{ client, password: "x" }, "password"],
    [{ namespace: 7 }, "namespace"],
    [{ reconciler: "none" }, "reconciler"],
    [{ historyRetention: -1 }, "historyRetention"],
    [{ historyRetention: 0 }, "historyRetention"],
    [{ historyRetention: "100" }, "historyRetention"],
    [{ historyRetention: { events: 0 } }, "historyRetention"],
    [{ historyRetention: { ageMs: 59_999 } }, "historyRetention"],
    [{ historyRetention: { ageMs: "1h" } }, "historyRetention"],
    [{ historyRetention: { ageMs: Infinity } }, "historyRetention"],
    [{ historyRetention: { age: 60_000 } }, "age"],
    [{ failoverPauseMs: 499 }, "failoverPauseMs"],
    [{ failoverPauseMs: "1s" }, "failoverPauseMs"],
    [{ responseTimeoutMs: 0 }, "responseTimeoutMs"],
    [{ logger: {} }, "logger"],
  ])("%j: %s", (option, name) => {
    expect(refusal(option).option).toBe(name);
  });

  test.each([
    ["redis", new NodeRedis()],
    ["client", { client: new NodeRedis() }],
  ])("%s: a client of another package, and what to give instead", (name, option) => {
    const { option: named, message } = refusal(option);
    expect(named).toBe(name);
    expect(message).toContain(`${name} is a client of the package "redis" (node-redis)`);
    expect(message).toContain("Give it the URL");
    expect(message).not.toContain("secret");
  });

  test("an object of a class is neither an instance nor options", () => {
    const { option, message } = refusal(new URL("redis://there"));
    expect(option).toBe("redis");
    expect(message).toContain("a URL (a string)");
  });
});
