/** What is looked at when a connection begins: each fault has an error that says what it is. */

import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { BackendUnavailableError, InvalidOptionError, ProtocolError } from "../../src/errors.js";
import {
  aCommit,
  connected,
  Ear,
  lead,
  newNamespace,
  type Options,
  partitionOn,
  type Server,
  telling,
} from "../support/redis-partition.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Why it does not come up. */
async function refusal(at: Server, options: Options = {}): Promise<Error> {
  const ear = new Ear();
  partitionOn(at, options).uplink.open(ear);
  return ear.downs.take();
}

describe("a server that is", () => {
  /** Plays a server that knows INFO. */
  async function stub(info: string): Promise<Server> {
    const reply = `$${info.length}\r\n${info}\r\n`;
    const stub = createServer((socket) => {
      socket.on("error", () => {});
      socket.on("data", (data) => {
        const commands = String(data).match(/^(client|info)\r?$/gim) ?? [];
        for (const command of commands) socket.write(/info/i.test(command) ? reply : "+OK\r\n");
      });
    });
    stub.listen(0, "127.0.0.1");
    await once(stub, "listening");
    onTestFinished(() => void stub.close());
    const { port } = stub.address() as AddressInfo;
    return { url: `redis://127.0.0.1:${port}` };
  }

  test.each([
    ["Redis 6.2.14", "redis_version:6.2.14\r\nrole:master"],
    ["Redis 2.8.0", "redis_version:2.8.0\r\nrole:master"],
    ["Valkey 7.1.9", "redis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:7.1.9"],
  ])("too old (%s)", async (version, info) => {
    const reason = await refusal(await stub(info));
    expect(reason).toBeInstanceOf(ProtocolError);
    expect(reason.message).toContain(`the server is ${version}, but slotstream needs Redis 7.0`);
  });

  test("something else", async () => {
    expect(await refusal(await stub("hello"))).toBeInstanceOf(ProtocolError);
  });

  test("loading its data", async () => {
    const reason = await refusal(await stub("redis_version:7.0.0\r\nloading:1"));
    expect(reason).toBeInstanceOf(BackendUnavailableError);
    expect(reason.message).toContain("loading");
  });

  test("a replica", async () => {
    await using replica = await startRedis({ replicaof: `127.0.0.1 ${server.port}` });
    const reason = await refusal(replica);
    expect(reason).toBeInstanceOf(BackendUnavailableError);
    expect(reason.message).toContain("it is a replica");
  });

  test("full of clients", async () => {
    await using full = await startRedis({ maxclients: 1 });
    const first = await startedClient(full);
    const reason = await refusal(full);
    expect(reason).toBeInstanceOf(BackendUnavailableError);
    first.close();
  });

  test("silent", async () => {
    await using silent = await startRedis();
    silent.pause();
    const reason = await refusal(silent, { responseTimeoutMs: 100 });
    expect(reason).toBeInstanceOf(BackendUnavailableError);
    expect(reason.message).toContain("did not answer for 100 ms");
  });

  test("not there", async () => {
    const reason = await refusal({ url: "redis://127.0.0.1:1" });
    expect(reason).toBeInstanceOf(BackendUnavailableError);
    expect(reason.message).toContain("ECONNREFUSED");
  });

  test("nowhere", async () => {
    const reason = await refusal({ url: "redis://nowhere.invalid" });
    expect(reason).toBeInstanceOf(BackendUnavailableError);
  });
});

/** A connection of somebody else. */
async function startedClient(full: RedisServer) {
  const { port } = full;
  const { createConnection } = await import("node:net");
  const socket = createConnection(port, "127.0.0.1");
  socket.write("PING\r\n");
  await once(socket, "data");
  return { close: () => socket.destroy() };
}

describe("a server in cluster mode", () => {
  const cluster = { "cluster-enabled": "yes" };

  test("that has all slots is as good as any", async () => {
    await using all = await startRedis(cluster);
    await all.cli("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    while (!(await all.cli("CLUSTER", "INFO")).includes("cluster_state:ok"));
    const { uplink, lease, store, ear } = await connected(all);
    await uplink.subscribe("s");
    const term = await lead({ lease });
    const id = await uplink.append({ session: "s", number: 1, seen: 0, commands: "[]" });
    const messages = telling(["s"]);
    expect(await store.commit(term, aCommit(id, { messages }))).toBe("done");
    await ear.messages.take();
    expect(await store.load(term)).toMatchObject({ commit: 1 });
    await lease.resign(term);
  });

  test("that has no slots may get some", async () => {
    await using none = await startRedis(cluster);
    expect(await refusal(none)).toBeInstanceOf(BackendUnavailableError);
  });
});

describe("an eviction policy", () => {
  test("that may lose the data is warned of, once", async () => {
    await using careless = await startRedis({
      maxmemory: "100mb",
      "maxmemory-policy": "allkeys-lru",
    });
    const warnings: string[] = [];
    await connected(careless, { warn: (message) => warnings.push(message) });
    expect(warnings).toEqual([expect.stringContaining("maxmemory-policy is allkeys-lru")]);
  });

  test("that never applies is not", async () => {
    await using limitless = await startRedis({ "maxmemory-policy": "allkeys-lru" });
    const warnings: string[] = [];
    await connected(limitless, { warn: (message) => warnings.push(message) });
    expect(warnings).toEqual([]);
  });
});

describe("data that is", () => {
  test("of an unknown protocol", async () => {
    const { namespace, key } = newNamespace();
    await server.cli("HSET", key("meta"), "protocol", "2");
    const reason = await refusal(server, { namespace });
    expect(reason).toBeInstanceOf(ProtocolError);
    expect(reason.message).toContain("protocol 2");
    const { views } = partitionOn(server, { namespace });
    await expect(views.locked("api")).rejects.toThrow(ProtocolError);
  });

  test("of another type", async () => {
    const { namespace, key } = newNamespace();
    await server.cli("SET", key("meta"), "foreign");
    const reason = await refusal(server, { namespace });
    expect(reason).toBeInstanceOf(ProtocolError);
    expect(reason.message).toContain(key("meta"));
  });
});

describe("a password", () => {
  test("that is missing or wrong is refused; the right one is taken", async () => {
    await using locked = await startRedis({ requirepass: "secret" });
    const at = (user: string) => ({ url: locked.url.replace("//", `//${user}@`) });
    for (const wrong of [locked, at(":wrong"), at("nobody:secret")]) {
      const reason = await refusal(wrong);
      expect(reason).toBeInstanceOf(InvalidOptionError);
      expect(reason.message).toMatch(/(NOAUTH|WRONGPASS).*redis:\/\/user:password@host/);
      expect(reason.message).not.toContain("secret");
    }
    await connected(at(":secret"));
    await connected(at("default:secret"));
  });

  test("that a server doesn't ask for does no harm", async () => {
    // ioredis says that it is of no use.
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    onTestFinished(() => warned.mockRestore());
    await connected({ url: server.url.replace("//", "//:needless@") });
    expect(warned).toHaveBeenCalled();
  });
});

describe("a database", () => {
  test("is chosen by number", async () => {
    const { namespace, key } = newNamespace();
    const partition = await connected({ url: `${server.url}/3` }, { namespace });
    await lead(partition);
    expect(await server.cli("-n", "3", "EXISTS", key("meta"))).toBe("1");
    expect(await server.cli("EXISTS", key("meta"))).toBe("0");
  });

  test("that isn't there is refused: another one would be wrong", async () => {
    const reason = await refusal({ url: `${server.url}/99` });
    expect(reason.message).toContain("DB index");
  });
});
