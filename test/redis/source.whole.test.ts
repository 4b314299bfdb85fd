/** Where Redis is can be said in many ways, and said wrongly in more. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cluster, Redis } from "ioredis";
import { Redis as Redis6 } from "ioredis6";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { BackendUnavailableError, InvalidOptionError } from "../../src/errors.js";
import type { RedisClient } from "../../src/redis/client.js";
import type { RedisSource } from "../../src/redis/source.js";
import {
  aCommit,
  connected,
  Ear,
  lead,
  newNamespace,
  type Options,
  partitionOn,
  telling,
} from "../support/redis-partition.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Once around: what is asked arrives, is decided, and told. */
async function works(options: Options): Promise<void> {
  const { uplink, lease, store, ear } = await connected(server, options);
  await uplink.subscribe("s");
  await uplink.subscribe("t");
  const term = await lead({ lease });
  const entry = { session: "s", number: 1, seen: 0, commands: '["ü€😀"]' };
  const id = await uplink.append(entry);
  expect(await store.read("0-0", 1_000)).toEqual([{ id, entry }]);
  const messages = new Map([...telling(["s"]), ...telling(["t"], 4)]);
  expect(await store.commit(term, aCommit(id, { messages }))).toBe("done");
  expect((await ear.messages.take()).session).toBe("s");
  expect((await ear.messages.take()).message.after).toBe("1-4");
  expect(await store.read(id, 5)).toEqual([]);
  expect(await store.load(term)).toMatchObject({ commit: 1 });
  uplink.unsubscribe("s");
  expect(await uplink.report("s", [id])).toMatchObject({ pending: [] });
}

describe("it can be", () => {
  test("a URL", async () => {
    await works({ source: server.url, namespace: newNamespace().namespace });
    await works({ source: `${server.url}/`, namespace: newNamespace().namespace });
    await works({ source: `${server.url}/2`, namespace: newNamespace().namespace });
  });

  test("an address", async () => {
    const source = { host: "localhost", port: server.port, db: 1 };
    await works({ source, namespace: newNamespace().namespace });
  });

  test("a Unix socket", async () => {
    const path = join(server.directory, "socket");
    await using local = await startRedis({ unixsocket: path });
    const { uplink } = await connected(local, { source: { path } });
    expect(await uplink.report("s", [])).toMatchObject({ applied: undefined });
  });

  /** As careless as a user's may be. */
  const careless = {
    commandTimeout: 50,
    enableAutoPipelining: true,
    stringNumbers: true,
    maxRetriesPerRequest: 1,
    lazyConnect: false,
  };

  test.each([
    ["5", (port: number): RedisClient => new Redis(port, careless)],
    ["6", (port: number): RedisClient => new Redis6(port, careless)],
    ["6 with RESP3", (port: number): RedisClient => new Redis6({ port, ...resp3, ...careless })],
  ])("an instance of ioredis %s, which stays as it is", async (_version, make) => {
    const client = make(server.port);
    onTestFinished(() => client.disconnect());
    const { namespace } = newNamespace();
    await works({ source: client, namespace });
    const partition = partitionOn(server, { source: client, namespace });
    await partition.views.locked("api");
    partition.close();
    expect(await client.call("PING", [])).toBe("PONG");
  });

  const resp3 = { protocol: 3, replyMapping: "resp3" } as const;

  test("an instance that has not connected, and never will", async () => {
    const client = new Redis(server.port, { lazyConnect: true });
    await works({ source: client, namespace: newNamespace().namespace });
    expect(client.status).toBe("wait");
  });
});

describe("TLS", () => {
  let directory: string;
  let secure: RedisServer;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "slotstream-tls-"));
    const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
    const names = [
      "-subj",
      "/CN=localhost",
      "-addext",
      "subjectAltName=DNS:localhost,IP:127.0.0.1",
    ];
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...names];
    execFileSync("openssl", [...request, "-keyout", key, "-out", cert], { stdio: "ignore" });
    const files = { "tls-cert-file": cert, "tls-key-file": key, "tls-ca-cert-file": cert };
    secure = await startRedis({ ...files, "tls-auth-clients": "no" });
  });
  afterAll(async () => {
    await secure[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  test("is spoken, with a certificate that is known", async () => {
    const ca = readFileSync(join(directory, "cert.pem"));
    const source = { port: secure.port, tls: { ca } };
    const { uplink } = await connected(secure, { source });
    expect(await uplink.report("s", [])).toMatchObject({ applied: undefined });
  });

  test("is not spoken with somebody unknown", async () => {
    const ear = new Ear();
    partitionOn(secure).uplink.open(ear);
    const reason = await ear.downs.take();
    expect(reason).toBeInstanceOf(BackendUnavailableError);
    expect(reason.message).toMatch(/self.signed certificate/);
  });

  test("missing on our side is noticed", async () => {
    const ear = new Ear();
    partitionOn(secure, { source: { port: secure.port } }).uplink.open(ear);
    expect(await ear.downs.take()).toBeInstanceOf(BackendUnavailableError);
  });
});

describe("it is refused at once", () => {
  const wrong = (source: RedisSource) => {
    try {
      partitionOn(server, { source });
    } catch (error) {
      return error;
    }
    throw new Error("it was not refused");
  };

  test.each([
    "",
    "localhost:6379",
    "http://localhost:6379",
    "redis://",
    "redis://localhost:port",
    "redis://localhost:99999",
    "redis://localhost/zero",
    "redis://localhost/0/1",
    "redis://localhost/0?family=6",
    "redis://localhost#0",
  ])("as the URL %j", (url) => {
    expect(wrong(url)).toBeInstanceOf(InvalidOptionError);
  });

  test.each([
    "http://user:secret@localhost",
    "user:secret@localhost",
    "redis://user:se/cret@localhost",
    "redis://user:se:cret@localhost:x",
    "redis://user:se@cret@localhost:x",
    "redis://user:12#secret@localhost",
    "redis://localhost?password=secret",
    "redis://user:secret%@localhost",
    "redis://secret%:x@localhost",
  ])("without telling a password: %s", (url) => {
    const error = wrong(url);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ message: expect.not.stringMatching(/secret|cret/) });
  });

  test("as a URL whose password is not encoded, with the remedy", () => {
    for (const password of ["100%", "50%x", "a/b", "a#b"]) {
      expect(wrong(`redis://user:${password}@localhost`)).toMatchObject({
        option: "redis",
        message: expect.stringContaining("encodeURIComponent"),
      });
    }
  });

  /** What plain JavaScript may pass. */
  const untyped: Record<string, unknown>[] = [
    { port: "6379" },
    { host: 7 },
    { password: 7 },
    { username: null },
    { path: true },
    { tls: "yes" },
  ];

  test.each([
    ...[{ port: 0 }, { port: 65_536 }, { port: 1.5 }, { db: -1 }, { db: 0.5 }, { db: 1e20 }],
    ...[{ host: "" }, { path: "" }, ...untyped],
  ])("as the address %j", (address) => {
    expect(wrong(address)).toBeInstanceOf(InvalidOptionError);
  });

  test("as an instance with a keyPrefix", () => {
    const client = new Redis({ keyPrefix: "app:", lazyConnect: true });
    expect(wrong(client)).toMatchObject({ message: expect.stringContaining("keyPrefix") });
  });

  test("as a Cluster", () => {
    const cluster = new Cluster([{ port: server.port }], { lazyConnect: true });
    // @ts-expect-error The type refuses it as well.
    expect(wrong(cluster)).toMatchObject({ message: expect.stringContaining("Cluster") });
  });

  test.each(["", "a{b", "a}b", "a\nb", "a\u0085b", "a\ud800", "x".repeat(201)])(
    "with the namespace %j",
    (namespace) => {
      expect(() => partitionOn(server, { namespace })).toThrow(InvalidOptionError);
    },
  );
});
