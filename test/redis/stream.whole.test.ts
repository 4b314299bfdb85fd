/** The command stream: what is written, read, reported; and ticks. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProtocolError } from "../../src/errors.js";
import { aCommit, aSession, connected, lead, newNamespace } from "../support/redis-partition.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

async function fresh() {
  const { namespace, key } = newNamespace();
  const { uplink, store, lease, ear, ...rest } = await connected(server, { namespace });
  return { uplink, store, lease, ear, partition: { uplink, store, lease, ear, ...rest }, key };
}

const entry = { session: "5-s", number: 7, seen: 3, commands: '[{"type":"heartbeat"}]' };

describe("a read", () => {
  test("brings the entries after the given one, oldest first", async () => {
    const { uplink, store } = await fresh();
    const first = await uplink.append(entry);
    const second = await uplink.append({ ...entry, number: 8 });
    const third = await store.tick();
    expect(await store.read(first, 0)).toEqual([
      { id: second, entry: { ...entry, number: 8 } },
      { id: third, entry: undefined },
    ]);
  });

  test("waits for the first", async () => {
    const { uplink, store } = await fresh();
    const read = store.read("0-0", 60_000);
    // Only when it is blocked there, the entry is what ends it.
    await blockedReader();
    const id = await uplink.append(entry);
    expect(await read).toEqual([{ id, entry }]);
  });

  test("ends with nothing when nothing comes", async () => {
    const { store } = await fresh();
    expect(await store.read("0-0", 20)).toEqual([]);
    expect(await store.read("0-0", 0)).toEqual([]);
  });

  test("takes for a tick what no session can have written", async () => {
    const { store, key } = await fresh();
    const strange = [
      ["foreign", "1"],
      ["session", "s", "number", "x", "seen", "0", "commands", "[]"],
      ["session", "s", "number", "1", "seen", "-1", "commands", "[]"],
      ["session", "s", "number", "1", "seen", "0"],
      ["session", "s", "number", "1", "seen", "0", "commands", "[]", "more", "1"],
      ["number", "1", "session", "s", "seen", "0", "commands", "[]"],
      ["session", "s", "number", "12345678901234567890", "seen", "0", "commands", "[]"],
    ];
    for (const fields of strange) await server.cli("XADD", key("commands"), "*", ...fields);
    const read = await store.read("0-0", 0);
    expect(read.map(({ entry }) => entry)).toEqual(strange.map(() => undefined));
  });

  test("is interrupted at once, and can be repeated", async () => {
    const { uplink, store } = await fresh();
    const read = store.read("0-0", 60_000);
    await blockedReader();
    store.interrupt();
    expect(await read).toEqual([]);
    const id = await uplink.append(entry);
    expect(await store.read("0-0", 60_000)).toEqual([{ id, entry }]);
  });

  test("is interrupted also before it has reached the server", async () => {
    const { store } = await fresh();
    const read = store.read("0-0", 60_000);
    store.interrupt();
    expect(await read).toEqual([]);
  });

  test("of a foreign value is refused", async () => {
    const { store, key } = await fresh();
    await server.cli("SET", key("commands"), "foreign");
    await expect(store.read("0-0", 0)).rejects.toThrow(`${key("commands")} in Redis is of another`);
  });
});

describe("a tick", () => {
  test("comes at the log's own time, or at the given one", async () => {
    const { store } = await fresh();
    const own = await store.tick();
    expect(await store.tick(9_000_000_000_000)).toBe("9000000000000-0");
    expect(await store.tick(9_000_000_000_000)).toBe("9000000000000-1");
    expect(Number(own.split("-")[0])).toBeLessThan(9_000_000_000_000);
  });

  test("comes at the log's time if the given one is over", async () => {
    const { store } = await fresh();
    await store.tick(9_000_000_000_000);
    expect(await store.tick(5)).toBe("9000000000000-1");
  });

  test("where a foreign value is, is refused", async () => {
    const { store, key } = await fresh();
    await server.cli("SET", key("commands"), "foreign");
    await expect(store.tick()).rejects.toThrow(ProtocolError);
    await expect(store.tick(5)).rejects.toThrow(ProtocolError);
  });
});

describe("a report", () => {
  test("of a session that nobody knows says so", async () => {
    const { uplink } = await fresh();
    const before = Number((await server.cli("TIME")).split("\n")[0]) * 1_000;
    const report = await uplink.report("5-s", []);
    expect(report).toEqual({
      at: expect.any(Number),
      applied: undefined,
      messages: [],
      pending: [],
      ledForMs: 0,
    });
    expect(report.at).toBeGreaterThanOrEqual(before);
  });

  test("tells what was applied, what waits, and whether somebody leads", async () => {
    const { uplink, store, partition } = await fresh();
    const term = await lead(partition);
    const first = await uplink.append(entry);
    const second = await uplink.append(entry);
    const counts = { semaphores: 0, acquisitions: 0, sessions: 1 };
    await store.commit(term, aCommit(first, { sessions: new Map([["5-s", aSession(7)]]), counts }));

    const report = await uplink.report("5-s", [first, second, "1-1"]);
    expect(report).toMatchObject({ applied: 7, pending: [second] });
    expect(report.ledForMs).toBeGreaterThan(0);
  });

  test("never tells a time before the cursor", async () => {
    const { uplink, store, partition } = await fresh();
    const term = await lead(partition);
    await store.commit(term, aCommit("9000000000000-0"));
    expect((await uplink.report("s", [])).at).toBe(9_000_000_000_000);
    const time = await partition.lease.renew(term);
    expect(time?.at).toBe(9_000_000_000_000);
    expect(time?.clockAt).toBeLessThan(9_000_000_000_000);
  });

  test.each(["meta", "sessions", "told", "commands"])("refuses a foreign %s", async (name) => {
    const { uplink, partition, key } = await fresh();
    await lead(partition);
    await server.cli("DEL", key(name));
    await server.cli("SET", key(name), "foreign");
    await expect(uplink.report("s", ["1-1"])).rejects.toThrow(`${key(name)} is a string`);
  });

  test("refuses when sessions were deleted, instead of calling all of them unknown", async () => {
    const { uplink, partition, key } = await fresh();
    await lead(partition);
    await server.cli("DEL", key("sessions"));
    await expect(uplink.report("s", [])).rejects.toThrow(`${key("sessions")} is missing`);
  });
});

test("who unsubscribed is told no more", async () => {
  const { uplink, ear, key } = await fresh();
  await uplink.subscribe("left");
  await uplink.subscribe("stayed");
  uplink.unsubscribe("left");
  // Asked on the same connection, so that it comes after.
  await uplink.subscribe("stayed");
  const message = '{"id":"1-1","after":"0-0","applied":1,"events":[]}';
  expect(await server.cli("SPUBLISH", key("inbox:left"), message)).toBe("0");
  await server.cli("SPUBLISH", key("inbox:stayed"), message);
  expect((await ear.messages.take()).session).toBe("stayed");
});

test("what is no message is not taken for one", async () => {
  const { uplink, ear, key } = await fresh();
  await uplink.subscribe("s");
  const foreign = [
    "hello",
    "[]",
    '{"after":"0-0"}',
    '{"id":"1-1","after":"0-0","applied":1,"events":[{}]}',
  ];
  for (const text of foreign) await server.cli("SPUBLISH", key("inbox:s"), text);
  await server.cli(
    "SPUBLISH",
    key("inbox:s"),
    '{"id":"1-6","after":"1-5","applied":1,"events":[]}',
  );
  expect((await ear.messages.take()).message.after).toBe("1-5");
});

/** Resolves when a reader is blocked on the server. */
async function blockedReader(): Promise<void> {
  while (!(await server.cli("INFO", "clients")).includes("blocked_clients:1"));
}
