/** A failure that will not pass, like a password that was changed: nobody waits for what will not come. */

import { expect, test } from "vitest";
import { ProtocolError } from "../../src/errors.js";
import { now } from "../support/memory-promises.js";
import { Client, settled } from "./client.js";

const WRONG = new ProtocolError("WRONGPASS");

/** Redis was reached, a slot is held, and Redis will not be reached again as things are. */
async function brokenHolder(terms: { ttlMs?: number } = {}) {
  const client = await Client.connected();
  const slot = await client.acquire({ heartbeatMaxIntervalMs: 3_000, ...terms });
  client.server.down(WRONG);
  void client.acquire();
  await settled();
  return { client, slot };
}

test("what is held is held on, and lost by our own clock; then nothing is left of it", async () => {
  const { client, slot } = await brokenHolder();
  await client.passes(2_900);
  expect(slot.signal.aborted).toBe(false);
  await client.passes(100);
  expect(slot.lost).toMatchObject({ reason: "heartbeat", cause: WRONG });
  expect(slot.state).toBe("expired");
  expect(slot.remainingMs()).toBe(0);
  expect(await slot.release()).toBe(false);
  expect(client.warnings.length).toBe(1);
  expect(client.session.isBusy).toBe(false);
  expect(client.staysAlive).toBe(false);
  expect(await now(client.session.close(60_000))).toMatchObject({ is: "resolved" });
});

test("a TTL that is shorter ends it first", async () => {
  const { client, slot } = await brokenHolder({ ttlMs: 1_000 });
  expect(slot.remainingMs()).toBeGreaterThan(0);
  await client.passes(1_000);
  expect(slot.lost).toMatchObject({ reason: "ttl" });
  await client.passes(5_000);
  expect(client.warnings.length).toBe(1);
});

test("close({ drainMs }) waits for nothing, and tells the holder at once", async () => {
  const { client, slot } = await brokenHolder();
  expect(await now(client.session.close(60_000))).toMatchObject({ is: "resolved" });
  expect(slot.lost).toMatchObject({ reason: "closed" });
});

test("a drain that is under way ends with the failure", async () => {
  const client = await Client.connected();
  const slot = await client.acquire({ heartbeatMaxIntervalMs: 3_000 });
  const waiting = client.acquire();
  await settled();
  const closed = client.session.close(60_000);
  client.server.down(WRONG);
  await settled();
  expect(await now(closed)).toMatchObject({ is: "resolved" });
  await expect(waiting).rejects.toThrow("WRONGPASS");
  expect(slot.lost).toMatchObject({ reason: "closed" });
});

test("a slot that is given back while nobody can be told is no loss, and nothing is left of it", async () => {
  const { client, slot } = await brokenHolder();
  expect(await slot.release()).toBe(false);
  expect(await slot.release()).toBe(false);
  await client.passes(5_000);
  expect(slot.lost).toBeUndefined();
  expect(client.warnings).toEqual([]);
  expect(client.session.isBusy).toBe(false);
});

test("once Redis can be reached again, the slot goes back under its id", async () => {
  const { client, slot } = await brokenHolder();
  client.server.up();
  expect(await slot.release()).toBe(true);
  expect(slot.state).toBe("released");
  expect((await client.acquire()).slotNumber).toBe(0);
});

test("a release that is under way ends, and leaves nothing", async () => {
  const client = await Client.connected();
  const slot = await client.acquire({ heartbeatMaxIntervalMs: 3_000 });
  client.server.leads = false;
  const released = [slot.release(), slot.release()];
  await settled();
  client.server.down(WRONG);
  await settled();
  expect(await Promise.all(released)).toEqual([false, false]);
  expect(client.session.isBusy).toBe(false);
  await client.passes(5_000);
  expect(slot.lost).toBeUndefined();
});
