/** Connections that break, in every way that a test can bring about. */

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BackendUnavailableError, ClosedError } from "../../src/errors.js";
import { aCommit, connected, Ear, lead, partitionOn } from "../support/redis-partition.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeEach(async () => {
  server = await startRedis({ appendonly: "yes", appendfsync: "always" });
});
afterEach(() => server[Symbol.asyncDispose]());

const entry = { session: "s", number: 1, seen: 0, commands: "[]" };

/** Ends the connection of that role, as a fault between here and there would. */
async function cut(role: string): Promise<void> {
  const clients = (await server.cli("CLIENT", "LIST")).split("\n");
  const [, id] =
    /id=(\d+)/.exec(clients.find((line) => line.includes(`name=slotstream:${role} `)) ?? "") ?? [];
  await server.cli("CLIENT", "KILL", "ID", id ?? "");
}

describe("a connection that is cut", () => {
  test.each(["commands", "subscriber"])("%s: the uplink goes down, and up again", async (role) => {
    const { uplink, ear } = await connected(server);
    await uplink.subscribe("s");
    await cut(role);
    expect(await ear.downs.take()).toBeInstanceOf(BackendUnavailableError);
    await ear.ups.take();
    await uplink.subscribe("s");
    await server.cli(
      "SPUBLISH",
      "{slotstream:0}:inbox:s",
      '{"id":"1-1","after":"0-0","applied":1,"events":[]}',
    );
    expect((await ear.messages.take()).session).toBe("s");
    expect(await uplink.append(entry)).toMatch(/^\d+-\d+$/);
  });

  test("subscriber: what is under way on the other one rejects, for its answer may be missed", async () => {
    const { uplink, ear } = await connected(server);
    await server.cli("CLIENT", "PAUSE", "60000", "WRITE");
    const appended = uplink.append(entry).catch((error) => error);
    await cut("subscriber");
    expect(await appended).toBeInstanceOf(BackendUnavailableError);
    await server.cli("CLIENT", "UNPAUSE");
    await ear.ups.take();
  });

  test("reader: the read rejects, and the next one reads", async () => {
    const { uplink, store } = await connected(server);
    const read = store.read("0-0", 60_000).catch((error) => error);
    while (!(await server.cli("INFO", "clients")).includes("blocked_clients:1"));
    await cut("reader");
    expect(await read).toBeInstanceOf(BackendUnavailableError);
    const id = await uplink.append(entry);
    expect(await store.read("0-0", 60_000)).toEqual([{ id, entry }]);
  });

  test("is asked for again by the leader as soon as it is back, in the same term", async () => {
    const { ear, lease, store } = await connected(server);
    const term = await lead({ lease });
    await cut("commands");
    await ear.downs.take();
    await expect(lease.renew(term)).rejects.toThrow(BackendUnavailableError);
    await ear.ups.take();
    expect((await lease.renew(term))?.at).toBeGreaterThan(0);
    expect(await store.commit(term, aCommit("1-1"))).toBe("done");
  });
});

describe("a server that stands still", () => {
  test("counts as lost, and what is under way rejects", async () => {
    const { uplink, ear } = await connected(server, { responseTimeoutMs: 200 });
    server.pause();
    const failure = await uplink.append(entry).catch((error) => error);
    expect(failure).toBeInstanceOf(BackendUnavailableError);
    expect(failure.message).toContain("did not answer for 200 ms");
    await ear.downs.take();
    await expect(uplink.append(entry)).rejects.toThrow(BackendUnavailableError);
    server.resume();
    await ear.ups.take();
    // The first one was written all the same, once the server went on (trap 31).
    await uplink.append(entry);
    expect(await server.cli("XLEN", "{slotstream:0}:commands")).toBe("2");
  });

  test("lets a read that it has been given more time for be", async () => {
    const { store } = await connected(server, { responseTimeoutMs: 200 });
    expect(await store.read("0-0", 500)).toEqual([]);
  });
});

describe("a server that was started anew", () => {
  test("ends the term: the leader must claim and load again", async () => {
    const { ear, lease, store, uplink } = await connected(server);
    const term = await lead({ lease });
    await store.commit(term, aCommit("1-1"));
    const id = await uplink.append(entry);
    await server.restart();
    await ear.ups.take();

    expect(await lease.renew(term)).toBeUndefined();
    const next = aCommit("1-2", { number: 2, from: "1-1" });
    expect(await store.commit(term, next)).toBe("epoch");
    await expect(store.load(term)).rejects.toThrow(BackendUnavailableError);

    const again = await lead({ lease });
    expect(again.epoch).toBeGreaterThan(term.epoch);
    expect(await store.load(again)).toMatchObject({ commit: 1, restarted: true });
    expect(await store.read("1-1", 0)).toEqual([{ id, entry }]);
    expect(await store.commit(again, { ...next, restarted: true })).toBe("done");
    expect(await store.load(again)).toMatchObject({ commit: 2, restarted: false });
  });

  test("is found again after a while without any, whatever was asked meanwhile", async () => {
    const { ear, uplink, lease, store, views } = await connected(server, {
      responseTimeoutMs: 100,
    });
    await server.stop();
    await ear.downs.take();
    const asked = [
      ...[uplink.append(entry), uplink.subscribe("s"), uplink.report("s", [])],
      ...[lease.claim("me"), store.read("0-0", 0), store.tick(), store.position()],
      ...[views.stats({ limit: 1 }), views.locked("api"), views.holders("api")],
    ];
    for (const outcome of await Promise.allSettled(asked)) {
      expect(outcome).toMatchObject({ reason: expect.any(BackendUnavailableError) });
    }
    uplink.unsubscribe("s");
    await server.start();
    await ear.ups.take();
    expect(await uplink.append(entry)).toMatch(/^\d+-\d+$/);
  });
});

test("a server that is not there yet is said to be so, and found when it is", async () => {
  await server.stop();
  const { uplink } = partitionOn(server);
  const ear = new Ear();
  uplink.open(ear);
  expect((await ear.downs.take()).message).toContain("ECONNREFUSED");
  expect(ear.ups.size).toBe(0);
  await server.start();
  await ear.ups.take();
});

test("a master that becomes a replica is left, and found again when it is one no more", async () => {
  const { ear, uplink } = await connected(server);
  await server.cli("REPLICAOF", "127.0.0.1", "1");
  const failure = await uplink.append(entry).catch((error) => error);
  expect(failure).toBeInstanceOf(BackendUnavailableError);
  expect((await ear.downs.take()).message).toContain("replica");
  await server.cli("REPLICAOF", "NO", "ONE");
  await ear.ups.take();
  expect(await uplink.append(entry)).toMatch(/^\d+-\d+$/);
});

describe("when it is closed", () => {
  test("what is under way rejects, and nothing comes back", async () => {
    const partition = await connected(server);
    const { uplink, store, lease, views, ear } = partition;
    const read = store.read("0-0", 60_000);
    server.pause();
    const asked = [read, uplink.append(entry), lease.claim("me"), views.locked("api")];
    partition.close();
    for (const outcome of await Promise.allSettled(asked)) {
      expect(outcome).toMatchObject({ reason: expect.any(ClosedError) });
    }
    server.resume();
    await expect(uplink.append(entry)).rejects.toThrow(ClosedError);
    await expect(views.locked("api")).rejects.toThrow(ClosedError);
    uplink.open(ear);
    expect(ear.ups.size).toBe(0);
    while ((await server.cli("CLIENT", "LIST")).includes("name=slotstream:"));
  });

  test("before it was used, it never connects", async () => {
    const partition = partitionOn(server);
    partition.close();
    await expect(partition.views.locked("api")).rejects.toThrow(ClosedError);
    await expect(partition.store.read("0-0", 0)).rejects.toThrow(ClosedError);
  });
});
