/** The commit: all or nothing, once, and only by the leader. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BackendUnavailableError, ProtocolError } from "../../src/errors.js";
import { all } from "../contract/backend.js";
import {
  aCommit,
  anAcquisition,
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

async function leading() {
  const { namespace, key } = newNamespace();
  const partition = await connected(server, { namespace });
  const term = await lead(partition);
  const tick = await partition.store.tick();
  const dump = async () => {
    const names = ["meta", "semaphores", "acquisitions", "sessions", "told"];
    const hashes = await Promise.all(names.map((name) => server.cli("HGETALL", key(name))));
    return [...hashes, await server.cli("XLEN", key("history"))];
  };
  return { ...partition, store: partition.store, partition, namespace, key, term, tick, dump };
}

describe("a commit", () => {
  test("stores records, position and history to the last digit (trap 35), and deletes what was consumed", async () => {
    const { store, term, tick, key } = await leading();
    const sessions = new Map([["s", aSession()]]);
    const messages = telling(["s"]);
    const counts = { semaphores: 0, acquisitions: 0, sessions: 1 };
    const later = await store.tick();

    const rest = { token: 1_759_999_999_999_999, seq: 3 };
    const commit = aCommit(tick, { sessions, messages, counts, ...rest });
    expect(await store.commit(term, commit)).toBe("done");

    const loaded = await store.load(term);
    expect(loaded).toMatchObject({ epoch: term.epoch, commit: 1, cursor: tick, head: "h" });
    expect(loaded.snapshot).toMatchObject({ seq: 3, token: 1_759_999_999_999_999, sweepAt: null });
    expect(loaded.snapshot.sessions).toMatchObject([{ id: "s", applied: 1 }]);
    expect(await server.cli("XLEN", key("history"))).toBe("1");
    expect(await store.read("0-0", 0)).toEqual([{ id: later, entry: undefined }]);
  });

  test("deletes records and keeps the hash that becomes empty (trap 34)", async () => {
    const { store, term, tick } = await leading();
    const sessions = new Map([["s", aSession()]]);
    const counts = { semaphores: 0, acquisitions: 0, sessions: 1 };
    await store.commit(term, aCommit(tick, { sessions, counts }));
    const gone = new Map([["s", undefined]]);
    const next = aCommit(tick, { number: 2, from: tick, sessions: gone, sweepAt: 7 });
    expect(await store.commit(term, next)).toBe("done");
    expect((await store.load(term)).snapshot).toMatchObject({ sessions: [], sweepAt: 7 });
  });

  test("that is repeated is done already, and has no second effect", async () => {
    const { store, term, tick, dump } = await leading();
    const commit = aCommit(tick);
    await store.commit(term, commit);
    const before = await dump();
    expect(await store.commit(term, commit)).toBe("done");
    expect(await dump()).toEqual(before);
    expect(await store.position()).toEqual({ epoch: term.epoch, commit: 1 });
  });

  test("of an ended term writes nothing", async () => {
    const { partition, store, term, tick, dump } = await leading();
    await partition.lease.resign(term);
    await lead(partition, "another");
    const before = await dump();
    expect(await store.commit(term, aCommit(tick))).toBe("epoch");
    expect(await dump()).toEqual(before);
  });

  test.each([
    ["number", { number: 2 }],
    ["cursor", { from: "7-7" }],
  ])("that does not follow by its %s writes nothing", async (_what, wrong) => {
    const { store, term, tick, dump } = await leading();
    const before = await dump();
    expect(await store.commit(term, aCommit(tick, wrong))).toBe("cursor");
    expect(await dump()).toEqual(before);
  });

  test("after data was flushed ends the term", async () => {
    const { store, term, tick, key } = await leading();
    const keys = ["meta", "semaphores", "acquisitions", "sessions", "leader", "commands"];
    await server.cli("DEL", ...keys.map(key));
    expect(await store.commit(term, aCommit(tick))).toBe("epoch");
  });

  test("that begins another life of the data counts it", async () => {
    const { store, term, tick, key } = await leading();
    await server.cli("HSET", key("meta"), "runId", "another");
    expect(await store.load(term)).toMatchObject({ restarted: true, pauseMs: 15_000 });
    await store.commit(term, aCommit(tick, { restarted: true, pausedUntil: 99 }));
    const loaded = await store.load(term);
    expect(loaded).toMatchObject({ restarted: false, snapshot: { pausedUntil: 99 } });
    expect(await server.cli("HGET", key("meta"), "incarnation")).toBe("2");
  });

  test("that is a checkpoint is stored byte for byte, also when it is sent again", async () => {
    const { partition, store, term, tick, key } = await leading();
    const state = `{"of":"ü ${"x".repeat(10_000)}"}`;
    const texts = { commands: "[]", events: "[]", previous: "", state, hash: "h1" };
    const commit = aCommit(tick, { history: { seq: 1, ...texts } });
    for (let i = 0; i < 2; i++) expect(await store.commit(term, commit)).toBe("done");
    expect(await all(partition.history.entries())).toEqual([
      { seq: 1, epoch: term.epoch, ...texts },
    ]);
    const second = { ...texts, previous: "h1", hash: "h2" };
    const next = aCommit(tick, { number: 2, from: tick, history: { seq: 1, ...second } });
    await store.commit(term, next);
    const [, entry] = await all(partition.history.entries());
    expect(entry).toEqual({ seq: 1, epoch: term.epoch, ...second });
    expect(await server.cli("XRANGE", key("history"), "-", "+", "COUNT", "1")).toMatch(/^1-1\n/);
  });
});

describe("size", () => {
  test("of 20,000 changes of each kind is no limit (trap 23)", async () => {
    const { store, term, tick } = await leading();
    const names = Array.from({ length: 20_001 }, (_, index) => `n${index}`);
    const counts = { semaphores: 0, acquisitions: names.length, sessions: names.length };
    const acquisitions = new Map(names.map((name, i) => [`api\n${name}`, anAcquisition(i)]));
    const sessions = new Map(names.map((name) => [name, aSession()]));
    const messages = telling(names);
    const commit = aCommit(tick, { acquisitions, sessions, counts, messages });
    expect(await store.commit(term, commit)).toBe("done");
    expect((await store.load(term)).snapshot.acquisitions).toHaveLength(names.length);

    const gone = new Map(names.map((name) => [name, undefined]));
    const kept = { semaphores: 0, acquisitions: names.length, sessions: 0 };
    const next = aCommit(tick, { number: 2, from: tick, sessions: gone, counts: kept });
    expect(await store.commit(term, next)).toBe("done");
    expect((await store.load(term)).snapshot.sessions).toEqual([]);
  });
});

describe("on data that is not as it should be, nothing is written (trap 30)", () => {
  const names = ["meta", "semaphores", "acquisitions", "sessions", "told", "history", "commands"];

  test.each(names)("%s of another type", async (name) => {
    const { store, term, tick, key, dump } = await leading();
    await server.cli("DEL", key(name));
    await server.cli("SET", key(name), "foreign");
    const before = await dump();
    const failure = await store.commit(term, aCommit(tick)).catch((error) => error);
    expect(failure).toBeInstanceOf(ProtocolError);
    expect(failure.message).toContain(`${key(name)} is a string`);
    expect(await dump()).toEqual(before);
  });

  test.each(["semaphores", "acquisitions", "sessions"])("%s deleted", async (name) => {
    const { store, term, tick, key, dump } = await leading();
    await server.cli("DEL", key(name));
    const before = await dump();
    await expect(store.commit(term, aCommit(tick))).rejects.toThrow(`${key(name)} is missing`);
    expect(await dump()).toEqual(before);
  });

  test("history deleted", async () => {
    const { store, term, tick, key, dump } = await leading();
    await store.commit(term, aCommit(tick));
    await server.cli("DEL", key("history"));
    const before = await dump();
    const next = aCommit(tick, { number: 2, from: tick });
    await expect(store.commit(term, next)).rejects.toThrow(`${key("history")} is missing`);
    expect(await dump()).toEqual(before);
  });

  test("of another protocol", async () => {
    const { store, term, tick, key } = await leading();
    await server.cli("HSET", key("meta"), "protocol", "2");
    await expect(store.commit(term, aCommit(tick))).rejects.toThrow(ProtocolError);
  });
});

test("when memory is full, sessions must wait, but the leader goes on", async () => {
  await using full = await startRedis();
  const partition = await connected(full);
  const term = await lead(partition);
  const entry = { session: "s", number: 1, seen: 0, commands: "[]" };
  const id = await partition.uplink.append(entry);
  await full.cli("CONFIG", "SET", "maxmemory", "1");

  await expect(partition.uplink.append(entry)).rejects.toThrow(BackendUnavailableError);
  expect((await partition.lease.renew(term))?.at).toBeGreaterThan(0);
  const tick = await partition.store.tick();
  expect(await partition.uplink.report("s", [id])).toMatchObject({ pending: [id] });
  expect(await partition.store.commit(term, aCommit(tick))).toBe("done");
  await partition.lease.resign(term);
  expect((await partition.lease.claim("another")).won).toBe(true);

  await full.cli("CONFIG", "SET", "maxmemory", "0");
  expect(await partition.uplink.append(entry)).toMatch(/^\d+-\d+$/);
});

test("a server that has forgotten the scripts gets them again", async () => {
  const { partition, store, term, tick } = await leading();
  await server.cli("SCRIPT", "FLUSH");
  expect(await store.commit(term, aCommit(tick))).toBe("done");
  await server.cli("SCRIPT", "FLUSH");
  expect((await partition.lease.renew(term))?.at).toBeGreaterThan(0);
  await server.cli("SCRIPT", "FLUSH");
  expect(await partition.uplink.report("s", [])).toMatchObject({ applied: undefined });
});
