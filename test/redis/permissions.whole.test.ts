/** The rights that a Redis user needs: those that are documented, all of them, and no other. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InvalidOptionError } from "../../src/errors.js";
import { ACL_EXAMPLE } from "../../src/redis/failures.js";
import {
  aCommit,
  connected,
  Ear,
  lead,
  newNamespace,
  partitionOn,
  telling,
} from "../support/redis-partition.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

test("the documentation names the rights that the error names", () => {
  const protocol = readFileSync(new URL("../../docs/PROTOCOL.md", import.meta.url), "utf8");
  expect(protocol.replace(/\s+/g, " ")).toContain(ACL_EXAMPLE);
});

describe("a user", () => {
  /** With the rights of the example, for the namespace of the test, and others besides. */
  async function user(...rights: string[]) {
    const { namespace, key } = newNamespace();
    const words = ACL_EXAMPLE.replaceAll("slotstream", namespace).split(" ");
    await server.cli(...words.map((word) => (word === "app" ? namespace : word)), ...rights);
    const url = server.url.replace("//", `//${namespace}:password@`);
    return { at: { url: `${url}/3` }, url, namespace, key };
  }

  test.each([0, 3])("with the documented rights can do all, in database %i", async (database) => {
    const { url, namespace } = await user();
    const source = `${url}/${database}`;
    const partition = await connected({ url }, { source, namespace });
    const { uplink, lease, store, views, ear } = partition;
    await uplink.subscribe("s");
    const term = await lead({ lease });
    const id = await uplink.append({ session: "s", number: 1, seen: 0, commands: "[]" });
    expect(await store.read("0-0", 5)).toHaveLength(1);
    await store.tick();
    const messages = telling(["s"]);
    expect(await store.commit(term, aCommit(id, { messages, restarted: true }))).toBe("done");
    await ear.messages.take();
    await store.load(term);
    await store.position();
    await uplink.report("s", [id]);
    await lease.renew(term);
    await views.stats({ limit: 1 });
    await views.stats({ limit: 1, names: ["api"] });
    await views.locked("api");
    await views.holders("api");
    for await (const _event of views.events({})) break;
    for await (const _event of views.events({ reverse: true })) break;
    uplink.unsubscribe("s");
    await lease.resign(term);
  });

  test("needs no right more than those", async () => {
    const rights = ACL_EXAMPLE.split(" ").filter((word) => word.startsWith("+"));
    // SETNAME is for people, EVAL for a server that forgot a script, the others for loading, reading and views.
    const spared = [
      "+client|setname",
      "+eval",
      "+sunsubscribe",
      "+hscan",
      "+xread",
      "+xrange",
      "+xrevrange",
    ];
    for (const right of rights.filter((right) => !spared.includes(right))) {
      const { at, namespace } = await user(right.replace("+", "-"));
      const ear = new Ear();
      const { uplink, lease } = partitionOn(at, { namespace });
      uplink.open(ear);
      const failure = await Promise.race([
        ear.downs.take(),
        ear.ups.take().then(async () => {
          const claimed = await lease.claim("me").catch((error) => error);
          if (claimed instanceof Error) return claimed;
          return uplink.append({ session: "s", number: 1, seen: 0, commands: "[]" });
        }),
      ]);
      expect([right, failure]).toEqual([right, expect.any(InvalidOptionError)]);
    }
  });

  test.each([
    ["~{other:*", ["resetkeys", "~{other:*"], "HGET on {test-"],
    ["&{other:*", ["resetchannels", "&{other:*"], "ssubscribe on {test-"],
    ["no INFO", ["-info"], "INFO"],
    ["no SELECT, in a database other than 0", ["-select"], "'select' command"],
    ["no XTRIM", ["-xtrim"], "XTRIM"],
  ])("with %s is told what it lacks", async (_what, rights, named) => {
    const { at, namespace } = await user(...rights);
    const ear = new Ear();
    const { uplink, lease } = partitionOn(at, { namespace });
    uplink.open(ear);
    const failure = await Promise.race([
      ear.downs.take(),
      ear.ups.take().then(() => lease.claim("me").catch((error) => error)),
    ]);
    expect(failure).toBeInstanceOf(InvalidOptionError);
    expect(failure.message).toContain(named);
    expect(failure.message).toContain("~{slotstream:*");
    expect(failure.message).toContain("&{slotstream:*");
  });
});
