/** What a new leader reads, and what it refuses to go on from. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BackendUnavailableError, ProtocolError } from "../../src/errors.js";
import {
  aCommit,
  anAcquisition,
  aSemaphore,
  aSession,
  connected,
  lead,
  newNamespace,
  telling,
} from "../support/redis-partition.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

async function filled() {
  const { namespace, key } = newNamespace();
  const partition = await connected(server, { namespace });
  const term = await lead(partition);
  const commit = aCommit("5-5", {
    ...{ sweepAt: 70, shiftMs: -3, pausedUntil: 9, pauseMs: 25_000, token: 101, seq: 4 },
    counts: { semaphores: 1, acquisitions: 2, sessions: 1 },
    semaphores: new Map([["a:b", aSemaphore(1, 1)]]),
    acquisitions: new Map([
      ["a:b\nx-1", anAcquisition(1, 0)],
      ["a:b\nx-2", anAcquisition(2)],
    ]),
    sessions: new Map([["s", aSession(3)]]),
    messages: telling(["s"]),
  });
  await partition.store.commit(term, commit);
  return { partition, namespace, key, term };
}

describe("a load", () => {
  test("brings all that was committed", async () => {
    const { partition, term } = await filled();
    const loaded = await partition.store.load(term);
    expect(loaded).toMatchObject({ commit: 1, cursor: "5-5", head: "h", restarted: false });
    expect(loaded.pauseMs).toBe(25_000);
    expect([...loaded.told]).toEqual([["s", ["1-1"]]]);
    const { snapshot } = loaded;
    const numbers = { at: 5, seq: 4, token: 101, sweepAt: 70, shiftMs: -3, pausedUntil: 9 };
    expect(snapshot).toMatchObject(numbers);
    expect(snapshot.semaphores).toMatchObject([{ name: "a:b", effective: 2 }]);
    expect(snapshot.sessions).toMatchObject([{ id: "s", applied: 3, heardAt: 5 }]);
    const [holder, waiter] = [...snapshot.acquisitions].sort((a, b) => a.sequence - b.sequence);
    expect(holder).toMatchObject({ id: "x-1", semaphore: "a:b", grant: { slot: 0 } });
    expect(waiter).toMatchObject({ id: "x-2", session: "s", grant: null, deadline: null });
  });

  test("of a term that has ended can be tried again by the one that won it", async () => {
    const { partition, term } = await filled();
    await partition.lease.resign(term);
    await lead(partition, "another");
    await expect(partition.store.load(term)).rejects.toThrow(BackendUnavailableError);
  });
});

describe("a load refuses (trap 13)", () => {
  test.each(["semaphores", "acquisitions", "sessions", "told", "history"])(
    "deleted %s",
    async (name) => {
      const { partition, key, term } = await filled();
      await server.cli("DEL", key(name));
      const failure = await partition.store.load(term).catch((error) => error);
      expect(failure).toBeInstanceOf(ProtocolError);
      expect(failure.message).toContain(key(name));
    },
  );

  test.each(["semaphores", "acquisitions", "sessions", "told"])(
    "%s of another type",
    async (name) => {
      const { partition, key, term } = await filled();
      await server.cli("DEL", key(name));
      await server.cli("SET", key(name), "foreign");
      const failure = await partition.store.load(term).catch((error) => error);
      expect(failure).toBeInstanceOf(ProtocolError);
      expect(failure.message).toContain(`${key(name)} in Redis is of another type`);
    },
  );

  test("records that are not as many as were counted", async () => {
    const { partition, key, term } = await filled();
    await server.cli("HDEL", key("acquisitions"), "a:b\nx-1");
    await expect(partition.store.load(term)).rejects.toThrow("has 1 records, but 2 were counted");
  });

  test("meta that lacks a field", async () => {
    const { partition, key, term } = await filled();
    await server.cli("HDEL", key("meta"), "token");
    await expect(partition.store.load(term)).rejects.toThrow("lacks token");
  });

  test.each([
    ["semaphores", "a:b"],
    ["acquisitions", "a:b\nx-1"],
    ["sessions", "s"],
  ])("a foreign record among %s", async (name, field) => {
    const { partition, key, term } = await filled();
    for (const text of ["foreign", "[]", '{"seq":1}']) {
      await server.cli("HSET", key(name), field, text);
      const failure = await partition.store.load(term).catch((error) => error);
      expect(failure).toBeInstanceOf(ProtocolError);
      expect(failure.message).toContain(`${JSON.stringify(field)} of ${key(name)}`);
    }
  });
});

describe("when all data was flushed", () => {
  test("and somebody lives who has seen it, the next term begins another life of it", async () => {
    const { partition, namespace, key } = await filled();
    // It learns that there is data by asking about its session.
    expect(await partition.uplink.report("s", [])).toMatchObject({ applied: 3 });
    const names = ["meta", "semaphores", "acquisitions", "sessions", "told", "history"];
    await server.cli("DEL", ...names.map(key), key("commands"), key("leader"));

    const stranger = await connected(server, { namespace });
    const term = await lead(stranger, "stranger");
    expect(await stranger.store.load(term)).toMatchObject({ restarted: true, commit: 0 });
    await stranger.store.commit(term, aCommit("5-5", { restarted: true }));
    expect(await stranger.store.load(term)).toMatchObject({ restarted: false });
    expect(await server.cli("HGET", key("meta"), "incarnation")).toBe("1");
  });

  test("because the server keeps nothing and was started anew, its last leader knows", async () => {
    await using forgetful = await startRedis();
    const partition = await connected(forgetful);
    await partition.store.commit(await lead(partition), aCommit("5-5"));
    await forgetful.restart();
    await partition.ear.ups.take();
    expect(await forgetful.cli("DBSIZE")).toBe("0");
    const term = await lead(partition);
    expect(await partition.store.load(term)).toMatchObject({ restarted: true, commit: 0 });
  });

  test("and nobody is there who has seen it, it is as new", async () => {
    const { namespace } = newNamespace();
    const partition = await connected(server, { namespace });
    await partition.uplink.subscribe("s");
    await partition.uplink.report("s", []);
    const term = await lead(partition);
    expect(await partition.store.load(term)).toMatchObject({ restarted: false });
  });
});
