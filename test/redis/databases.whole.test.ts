/** A server has several databases, but channels for all of them in common: the same namespace in two is two. */

import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { keysOf } from "../../src/redis/keys.js";
import type { RedisPartition } from "../../src/redis/partition.js";
import type { RedisSource } from "../../src/redis/source.js";
import { aCommit, connected, lead, newNamespace, telling } from "../support/redis-partition.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

/** What was published before, it has heard; what it subscribed to before, it is subscribed to. */
async function caughtUp({ uplink }: Pick<RedisPartition, "uplink">): Promise<void> {
  await uplink.subscribe("nobody");
}

/** How a database is chosen. */
const WAYS: [string, (database: number) => RedisSource][] = [
  ["URLs", (database) => `${server.url}/${database}`],
  ["addresses", (db) => ({ port: server.port, db })],
  [
    "instances",
    (db) => {
      const client = new Redis({ port: server.port, db, lazyConnect: true });
      onTestFinished(() => client.disconnect());
      return client;
    },
  ],
];

test("channels say the number of the database, unless it is 0, and keys never do", () => {
  const [first, third] = [keysOf("shop", 0), keysOf("shop", 3)];
  expect(first).toMatchObject({
    vacant: "{shop:0}:vacant",
    witness: "{shop:0}:witness",
    inbox: "{shop:0}:inbox:",
  });
  expect(third).toMatchObject({
    vacant: "{shop:0}:db3:vacant",
    witness: "{shop:0}:db3:witness",
    inbox: "{shop:0}:db3:inbox:",
  });
  const { vacant, witness, inbox } = first;
  expect({ ...third, vacant, witness, inbox }).toEqual(first);
});

describe.each(WAYS)("with databases chosen by %s", (_how, sourceOf) => {
  test("the inboxes of sessions of the same name are two", async () => {
    const { namespace } = newNamespace();
    const one = await connected(server, { source: sourceOf(1), namespace });
    const two = await connected(server, { source: sourceOf(2), namespace });
    for (const { uplink } of [one, two]) await uplink.subscribe("s");
    const term = await lead(two);
    await two.store.commit(term, aCommit("1-1", { messages: telling(["s"]) }));
    await two.ear.messages.take();
    // Whatever was published before has arrived by the time that this has.
    await one.store.commit(await lead(one), aCommit("1-1", { messages: telling(["s"], 7) }));
    expect((await one.ear.messages.take()).message.after).toBe("1-7");
  });

  test("a leader that leaves one makes nobody claim another", async () => {
    const { namespace } = newNamespace();
    const zero = await connected(server, { source: sourceOf(0), namespace });
    const one = await connected(server, { source: sourceOf(1), namespace });
    const vacancies: string[] = [];
    one.lease.onVacant(() => vacancies.push("of 1"));
    const told = new Promise<void>((resolve) => zero.lease.onVacant(resolve));
    await zero.lease.resign(await lead(zero));
    await told;
    await caughtUp(one);
    expect(vacancies).toEqual([]);
    await one.lease.resign(await lead(one));
    await caughtUp(one);
    expect(vacancies).toEqual(["of 1"]);
  });

  test("who has seen data in one is no witness of data in another", async () => {
    const { namespace } = newNamespace();
    const inDatabase = (database: number) =>
      connected(server, { source: sourceOf(database), namespace });
    const [known, neighbour, other] = [
      await inDatabase(1),
      await inDatabase(2),
      await inDatabase(2),
    ];
    await known.store.commit(await lead(known), aCommit("1-1"));
    await caughtUp(known);
    const claimed = await lead(neighbour);
    expect(await neighbour.store.load(claimed)).toMatchObject({ restarted: false });
    await neighbour.store.commit(claimed, aCommit("1-1"));
    await caughtUp(neighbour);
    await server.cli("-n", "2", "FLUSHDB");
    expect(await other.store.load(await lead(other))).toMatchObject({ restarted: true });
  });
});
