/** An import is all or nothing, whatever gets lost between it and Redis. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BackendUnavailableError, importHistory, RedisCoordinator } from "../../src/index.js";
import { INCIDENT } from "../cli/incident.js";
import { longHistory } from "../cli/long-history.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";
import { proxyTo } from "../support/tcp-proxy.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

const lines = readFileSync(INCIDENT, "utf8").trimEnd().split("\n");
const DONE = { entries: 103, events: 309, head: { seq: 309 } };

const keysOf = async (namespace: string) =>
  (await server.cli("KEYS", `{${namespace}:0}:*`)).split("\n").filter((key) => key !== "");

/** Nothing, or what the file says. */
async function eventsOf(namespace: string): Promise<number> {
  const external = { url: server.url, namespace, reconciler: "external" } as const;
  await using coordinator = new RedisCoordinator(external);
  const { ok, events } = await coordinator.verify();
  expect(ok).toBe(true);
  return events;
}

test("where the answer to the last step is lost, it is asked for again", async () => {
  // The server knows the script from then on, so that its answer is the first that is lost.
  await importHistory({ url: server.url, namespace: "first" }, lines);
  const proxy = await proxyTo(server);
  const swallowed = proxy.swallowReplyTo(/EVALSHA.*:import:/s);
  const imported = await importHistory({ url: proxy.url, namespace: "asked-again" }, lines);
  await swallowed;
  expect(imported).toMatchObject(DONE);
  expect(await eventsOf("asked-again")).toBe(309);
  expect((await keysOf("asked-again")).filter((key) => key.includes("import"))).toEqual([]);
});

test("where the connection ends at any piece, all of it is there or nothing", async () => {
  const outcomes = new Set<string>();
  for (let step = 0; step < 24; step++) {
    const namespace = `cut-${step}`;
    const proxy = await proxyTo(server);
    let pieces = 0;
    proxy.watch = ({ cut }) => {
      if (pieces++ === step) cut();
    };
    const outcome = await importHistory({ url: proxy.url, namespace }, lines).then(
      () => "done",
      (error) => {
        expect(error).toBeInstanceOf(BackendUnavailableError);
        return "failed";
      },
    );
    outcomes.add(outcome);
    const own = (await keysOf(namespace)).filter((key) => !key.includes(":import:"));
    expect({ step, outcome, keys: own.length }).toEqual({
      step,
      outcome,
      keys: outcome === "done" ? 6 : 0,
    });
    expect(await eventsOf(namespace)).toBe(outcome === "done" ? 309 : 0);
    for (const key of await keysOf(namespace)) {
      const ttl = await server.cli("PTTL", key);
      expect(Number(ttl) > 0).toBe(key.includes(":import:"));
    }
  }
  expect([...outcomes].sort()).toEqual(["done", "failed"]);
});

test("what was lost of it on the server is noticed before anything is there", async () => {
  async function* meanwhileEmptied() {
    let count = 0;
    for await (const line of longHistory(1_200)) {
      // More than a page was written by then.
      if (++count === 1_100) await server.cli("FLUSHALL");
      yield line;
    }
  }
  const namespace = "emptied";
  const imported = importHistory({ url: server.url, namespace }, meanwhileEmptied());
  await expect(imported).rejects.toThrow(
    /^Redis is not available: it has lost what was written for the import\./,
  );
  await expect(imported).rejects.toBeInstanceOf(BackendUnavailableError);
  expect(await keysOf(namespace)).toEqual([]);
});
