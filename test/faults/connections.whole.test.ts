/** Connections that are cut, also between what was asked and the answer. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RedisCoordinator } from "../../src/index.js";
import { called, Fleet, until } from "../support/fleet.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";
import { proxyTo } from "../support/tcp-proxy.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

/** Long enough for a new connection on a slow machine. */
const PATIENT = { failoverPauseMs: 10_000 };
const api = { ...called("api"), heartbeatMaxIntervalMs: 10_000 };

/** Ids of the connections of this role, of all processes. */
async function connections(role: string): Promise<string[]> {
  const clients = (await server.cli("CLIENT", "LIST")).split("\n");
  return clients
    .filter((client) => client.includes(` name=slotstream:${role} `))
    .map((client) => /^id=(\d+)/.exec(client)?.[1] ?? "");
}

async function cut(role: string): Promise<void> {
  const ids = await connections(role);
  expect(ids.length).toBeGreaterThan(0);
  for (const id of ids) await server.cli("CLIENT", "KILL", "ID", id);
}

async function released(coordinator: RedisCoordinator): Promise<void> {
  const semaphore = coordinator.semaphore(api);
  expect(await semaphore.use(() => "done")).toBe("done");
}

describe("when all connections of a kind are killed", () => {
  test.each(["commands", "subscriber", "reader"])(
    "%s: who holds keeps its slot, who waits gets his, and the same one leads",
    async (role) => {
      const fleet = new Fleet(server, PATIENT);
      const [holder, waiter] = [fleet.coordinator(), fleet.coordinator()];
      const slot = await holder.semaphore(api).acquire();
      const waits = waiter.semaphore(api).acquire();
      await fleet.counts("api", 1, 1);

      await cut(role);
      expect(await slot.release()).toBe(true);
      const got = await waits;
      await cut(role);
      expect(await got.release()).toBe(true);
      await released(holder);
      expect(await fleet.epochs()).toHaveLength(1);
      expect(slot.lost ?? got.lost).toBeUndefined();
    },
  );

  test("again and again, all jobs are done all the same", async () => {
    const fleet = new Fleet(server, PATIENT);
    const workers = await Promise.all([fleet.member(), fleet.member()]);
    let isDone = false;
    const done = Promise.all(workers.map((worker) => worker.tell("work", api, 100))).then(() => {
      isDone = true;
    });
    for (const role of ["commands", "subscriber", "reader", "commands", "subscriber"]) {
      await until(async () => expect((await connections(role)).length).toBeGreaterThan(0));
      await cut(role);
    }
    await done;
    expect(isDone).toBe(true);
    const granted = (await fleet.events()).filter(({ type }) => type === "granted");
    expect(granted).toHaveLength(200);
  });
});

describe("when the reply is lost", () => {
  /** How many events of each type an acquisition has. */
  async function lifeOf(fleet: Fleet): Promise<string[]> {
    const events = await fleet.events();
    return events.filter((event) => "acquisition" in event).map(({ type }) => type);
  }

  test("to an acquire, it is found again, and granted once (trap 3)", async () => {
    const fleet = new Fleet(server, PATIENT);
    const proxy = await proxyTo(server);
    const leader = fleet.coordinator();
    await released(leader);
    const client = fleet.coordinator({ url: proxy.url, reconciler: "external" });
    const swallowed = proxy.swallowReplyTo(/XADD.*"acquire"/s);
    const slot = await client.semaphore({ ...api, name: "other" }).acquire();
    await swallowed;
    expect(await slot.release()).toBe(true);
    const types = (await lifeOf(fleet)).slice(3);
    expect(types).toEqual(["queued", "granted", "released"]);
  });

  test("to a release, it takes effect once, and the next one waits for nothing", async () => {
    const fleet = new Fleet(server, PATIENT);
    const proxy = await proxyTo(server);
    const leader = fleet.coordinator();
    await released(leader);
    const client = fleet.coordinator({ url: proxy.url, reconciler: "external" });
    const slot = await client.semaphore(api).acquire();
    const swallowed = proxy.swallowReplyTo(/XADD.*"release"/s);
    expect(await slot.release()).toBe(true);
    await swallowed;
    await released(leader);
    const types = (await lifeOf(fleet)).slice(3, 6);
    expect(types).toEqual(["queued", "granted", "released"]);
  });

  test.each([
    ["commit", /EVALSHA\r\n\$40\r\n\w+\r\n\$1\r\n7\r\n/],
    ["claim", /EVALSHA\r\n\$40\r\n\w+\r\n\$1\r\n8\r\n/],
  ])(
    "to a leader's %s, its term goes on, and nothing happens twice (trap 18)",
    async (_, asked) => {
      const fleet = new Fleet(server, PATIENT);
      const proxy = await proxyTo(server);
      // The server knows the scripts from here on.
      await released(new Fleet(server, PATIENT).coordinator());
      const swallowed = proxy.swallowReplyTo(asked);
      const leader = fleet.coordinator({ url: proxy.url });
      const slot = await leader.semaphore(api).acquire();
      await swallowed;
      expect(await slot.release()).toBe(true);
      expect(await lifeOf(fleet)).toEqual(["queued", "granted", "released"]);
      expect(await fleet.epochs()).toHaveLength(1);
    },
  );
});
