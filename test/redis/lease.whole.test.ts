/** The election: one leader at a time, and nobody waits for one that left. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProtocolError } from "../../src/errors.js";
import { aCommit, connected, lead, newNamespace, partitionOn } from "../support/redis-partition.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

async function fresh() {
  const { namespace, key } = newNamespace();
  return { namespace, key, partition: await connected(server, { namespace }) };
}

describe("a claim", () => {
  test("wins where nobody leads, with an epoch of at least the server's microseconds", async () => {
    const { partition } = await fresh();
    const micros = Number((await server.cli("TIME")).replace("\n", "").padEnd(16, "0")) - 1_000_000;
    const term = await lead(partition);
    expect(term.epoch).toBeGreaterThan(micros);
    expect(term.at).toBeGreaterThan(micros / 1_000);
    expect(term.leaseMs).toBe(1_000);
  });

  test("of another one loses, and learns for how long", async () => {
    const { partition } = await fresh();
    await lead(partition);
    const claim = await partition.lease.claim("another");
    expect(claim).toEqual({ won: false, ledForMs: expect.any(Number) });
    expect(claim.won || claim.ledForMs).toBeGreaterThan(500);
  });

  test("that is repeated finds the same term (trap 18)", async () => {
    const { partition } = await fresh();
    const term = await lead(partition);
    const repeated = await lead(partition);
    expect(repeated.epoch).toBe(term.epoch);
    expect((await partition.lease.renew(term))?.at).toBeGreaterThan(0);
  });

  test("never goes back behind an epoch, not even one from the future", async () => {
    const { partition, key } = await fresh();
    await partition.lease.resign(await lead(partition));
    const future = 4_000_000_000_000_000;
    await server.cli("HSET", key("meta"), "epoch", String(future));
    expect((await lead(partition, "another")).epoch).toBe(future + 1);
  });

  test("is won by one of 50 at once", async () => {
    const { partition } = await fresh();
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, index) => partition.lease.claim(`candidate-${index}`)),
    );
    expect(claims.filter(({ won }) => won)).toHaveLength(1);
  });

  test("raises the pause to the longest that anybody brings", async () => {
    const { partition, namespace } = await fresh();
    await partition.lease.resign(await lead(partition));
    const patient = await connected(server, { namespace, pauseMs: 40_000 });
    const term = await lead(patient, "patient");
    expect((await patient.store.load(term)).pauseMs).toBe(40_000);
    await patient.lease.resign(term);
    expect((await partition.store.load(await lead(partition))).pauseMs).toBe(40_000);
  });

  test("sends new entries behind the cursor, though the stream was deleted", async () => {
    const { partition, key } = await fresh();
    const term = await lead(partition);
    await partition.store.commit(term, aCommit("9000000000000-5"));
    await partition.lease.resign(term);
    await server.cli("DEL", key("commands"));
    await lead(partition, "another");
    const id = await partition.store.tick();
    expect(await partition.store.read("9000000000000-5", 0)).toEqual([{ id, entry: undefined }]);
  });
});

describe("a term", () => {
  test("is renewed while it stands, and tells log time", async () => {
    const { partition, key } = await fresh();
    const term = await lead(partition);
    await server.cli("PEXPIRE", key("leader"), "300");
    expect((await partition.lease.renew(term))?.at).toBeGreaterThanOrEqual(term.at);
    expect(Number(await server.cli("PTTL", key("leader")))).toBeGreaterThan(500);
  });

  test("keeps new entries behind the cursor when it is renewed, though the stream was deleted", async () => {
    const { partition, key } = await fresh();
    const term = await lead(partition);
    await partition.store.commit(term, aCommit("9000000000000-5"));
    await server.cli("DEL", key("commands"));
    const unread = await partition.store.tick();
    await partition.lease.renew(term);
    const id = await partition.store.tick();
    expect(await partition.store.read("9000000000000-5", 0)).toEqual([{ id, entry: undefined }]);
    expect((await partition.uplink.report("s", [unread, id])).pending).toEqual([id]);
  });

  test("is not renewed when somebody else leads, or nobody", async () => {
    const { partition, key } = await fresh();
    const term = await lead(partition);
    await server.cli("DEL", key("leader"));
    expect(await partition.lease.renew(term)).toBeUndefined();
    await lead(partition, "another");
    expect(await partition.lease.renew(term)).toBeUndefined();
  });

  test("that is resigned is announced, and the next begins at once", async () => {
    const { partition, namespace } = await fresh();
    const other = partitionOn(server, { namespace });
    const vacancies: string[] = [];
    const announced = new Promise<void>((resolve) => {
      other.lease.onVacant(() => {
        vacancies.push("vacant");
        // The first is that the data can be reached.
        if (vacancies.length === 2) resolve();
      });
    });
    const term = await lead(partition);
    await new Promise<void>((resolve) => {
      other.uplink.open({ up: resolve, down() {}, receive() {} });
    });
    await partition.lease.resign(term);
    await announced;
    expect((await other.lease.claim("other")).won).toBe(true);
  });

  test("of another one is not resigned", async () => {
    const { partition } = await fresh();
    const term = await lead(partition);
    await partition.lease.resign({ ...term, candidate: "another" });
    expect((await partition.lease.claim("third")).won).toBe(false);
  });
});

describe("a claim refuses", () => {
  const hashes = ["semaphores", "acquisitions", "sessions"];

  test.each(["meta", ...hashes])("when %s was deleted (trap 13)", async (name) => {
    const { partition, key } = await fresh();
    await partition.lease.resign(await lead(partition));
    await server.cli("DEL", key(name));
    await expect(partition.lease.claim("me")).rejects.toThrow(`${key(name)} is missing`);
    expect(await server.cli("EXISTS", key(name), key("leader"))).toBe("0");
  });

  test.each(["meta", ...hashes, "commands", "leader"])(
    "when %s is of another type",
    async (name) => {
      const { partition, key } = await fresh();
      await partition.lease.resign(await lead(partition));
      await server.cli("DEL", key(name));
      await server.cli("SADD", key(name), "foreign");
      const failure = await partition.lease.claim("me").catch((error) => error);
      expect(failure).toBeInstanceOf(ProtocolError);
      expect(failure.message).toContain(`${key(name)} is a set`);
    },
  );

  test("when leader is not of the protocol: nobody would ever end it", async () => {
    const { partition, key } = await fresh();
    await server.cli("SET", key("leader"), "1:foreign");
    await expect(partition.lease.claim("me")).rejects.toThrow(`${key("leader")} is not as`);
  });

  test("an unknown protocol, and writes nothing", async () => {
    const { partition, key } = await fresh();
    await server.cli("HSET", key("meta"), "protocol", "2");
    const failure = await partition.lease.claim("me").catch((error) => error);
    expect(failure).toBeInstanceOf(ProtocolError);
    expect(failure.message).toContain("protocol 2");
    expect(await server.cli("EXISTS", key("leader"), key("sessions"))).toBe("0");
  });
});
