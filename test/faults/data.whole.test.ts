/** What others do to our keys: whatever cannot be trusted is refused loudly, and nothing is granted on it. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type BackendUnavailableError,
  ProtocolError,
  type RedisCoordinator,
  SemaphoreError,
} from "../../src/index.js";
import { called, Fleet } from "../support/fleet.js";
import { Mailbox } from "../support/mailbox.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

const HASHES = ["semaphores", "acquisitions", "sessions", "told"];
const KEYS = ["meta", ...HASHES, "history", "commands"];
const api = called("api", 2);

/** In one step, since somebody may write it again at once. */
const PUT_FOREIGN = "redis.call('DEL', KEYS[1]) redis.call('SADD', KEYS[1], 'foreign')";

/** One that leads and holds a slot, and another one that will ask for the second. */
async function inUse(held = api) {
  const failoverPauseMs = held.heartbeatMaxIntervalMs;
  const fleet = new Fleet(server, { responseTimeoutMs: 1_200, failoverPauseMs });
  const standsDown = new Mailbox<string>();
  const warn = (_details: object, message: string) => standsDown.put(message);
  const logger = { debug() {}, info() {}, warn, error() {} };
  const leader = fleet.coordinator({ logger });
  const slot = await leader.semaphore(held).acquire();
  const other = fleet.coordinator();
  await other.semaphore(called("other")).use(() => {});
  return { fleet, leader, other, slot, standsDown };
}

/** Why they get no slot, which must be the data. */
async function refusals(...coordinators: RedisCoordinator[]): Promise<ProtocolError[]> {
  const attempts = coordinators.map((each) => each.semaphore(api).tryAcquire());
  const outcomes = await Promise.allSettled(attempts);
  return outcomes.map((outcome) => {
    if (outcome.status === "fulfilled") throw new Error("it was granted a slot");
    expect(outcome.reason).toBeInstanceOf(SemaphoreError);
    return protocolErrorOf(outcome.reason);
  });
}

/** The error, or what caused it, that is about the data. */
function protocolErrorOf(error: unknown): ProtocolError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ProtocolError) return cause;
  }
  throw new Error(`not because of the data: ${error}`, { cause: error });
}

describe("a foreign value", () => {
  test.each(KEYS)("in place of %s: nothing is granted, and the error names it", async (name) => {
    const { fleet, leader, other } = await inUse();
    await server.cli("EVAL", PUT_FOREIGN, "1", fleet.key(name));

    for (const error of await refusals(leader, other)) {
      expect(error.message).toContain(fleet.key(name));
    }
    expect(await server.cli("TYPE", fleet.key(name))).toBe("set");
  });

  test("in place of leader: whoever leads steps down, and nobody else can", async () => {
    const { fleet, leader, other, standsDown } = await inUse();
    await server.cli("EVAL", PUT_FOREIGN, "1", fleet.key("leader"));
    await standsDown.take();
    for (const error of await refusals(leader, other)) {
      expect(error.message).toContain(fleet.key("leader"));
    }
  });
});

describe("a deleted key", () => {
  test.each(["meta", "semaphores", "acquisitions", "sessions", "history"])(
    "%s: nothing is granted, and the error says so (trap 13)",
    async (name) => {
      const { fleet, leader, other } = await inUse();
      await server.cli("DEL", fleet.key(name));
      for (const error of await refusals(leader, other)) {
        expect(error.message).toContain(fleet.key(name));
      }
      expect(await server.cli("EXISTS", fleet.key(name))).toBe("0");
    },
  );

  test.each(["commands", "leader"])("%s: nothing is lost, so work goes on", async (name) => {
    // However busy the machine is, nobody shall be silent for too long.
    const patient = { ...api, heartbeatMaxIntervalMs: 5_000 };
    const { fleet, other, slot } = await inUse(patient);
    await server.cli("DEL", fleet.key(name));
    const second = await other.semaphore(patient).acquire();
    expect(second.slotNumber).toBe(1);
    expect(await slot.release()).toBe(true);
    expect(await second.release()).toBe(true);
  });
});

test("a coordinator can be closed though the data is gone, and leads no more", async () => {
  const { fleet, leader, slot } = await inUse();
  await server.cli("SET", fleet.key("commands"), "foreign");
  await leader.close();
  expect(slot.lost?.reason).toBe("closed");
  expect(await server.cli("EXISTS", fleet.key("leader"))).toBe("0");
});

test("once what was wrong is mended, work goes on by itself", async () => {
  const { fleet, other } = await inUse();
  await server.cli("RENAME", fleet.key("sessions"), "elsewhere");
  await refusals(other);
  await server.cli("RENAME", "elsewhere", fleet.key("sessions"));
  expect(await other.semaphore(api).use(() => "done", { maxAcquireTimeMs: 20_000 })).toBe("done");
});

test("a replica is refused at once, and the error says so", async () => {
  await using replica = await startRedis({ replicaof: `127.0.0.1 ${server.port}` });
  const fleet = new Fleet(replica, { responseTimeoutMs: 300 });
  const error: BackendUnavailableError = await fleet
    .coordinator()
    .semaphore(api)
    .tryAcquire()
    .catch((error) => error);
  expect(error.code).toBe("BACKEND_UNAVAILABLE");
  expect(String(error.cause)).toContain("it is a replica");
});
