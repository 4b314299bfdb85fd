/** Who cannot be heard knows in time what he has lost, and no wait is for ever. */

import { expect, test } from "vitest";
import { BackendUnavailableError } from "../../src/errors.js";
import { now } from "../support/memory-promises.js";
import { Client, settled } from "./client.js";

/** When the signal aborts, in milliseconds from now. */
async function abortAfter(client: Client, signal: AbortSignal): Promise<number> {
  const start = client.clock.now();
  while (!signal.aborted) await client.passes(10);
  return client.clock.now() - start;
}

test("Redis down past the TTL: the signal aborts before the server gives the slot away (trap 22)", async () => {
  const client = await Client.connected();
  const slot = await client.acquire({ ttlMs: 10_000 });
  expect(slot.remainingMs()).toBeLessThanOrEqual(10_000);
  expect(slot.remainingMs()).toBeGreaterThan(9_800);
  client.server.down(new BackendUnavailableError("pulled the plug."));
  const ms = await abortAfter(client, slot.signal);
  expect(ms).toBeLessThan(10_000);
  expect(ms).toBeGreaterThan(9_700);
  expect(client.last("expired")).toBeUndefined();
  expect(slot.lost).toMatchObject({ reason: "ttl", cause: { message: "pulled the plug." } });
  expect(slot.remainingMs()).toBe(0);
  expect(await slot.release()).toBe(false);
  expect(client.warnings.length).toBe(1);
  await client.passes(500);
  client.server.up();
  await client.passes(500);
  expect(client.story.filter((line) => line.includes("id1-2"))).toEqual([
    "queued id1-2",
    "granted id1-2",
    "expired id1-2",
  ]);
});

test("Redis down past the heartbeat interval: the signal aborts in time (trap 22)", async () => {
  const client = await Client.connected();
  const patient = await client.acquire({ heartbeatMaxIntervalMs: 30_000 });
  await client.session.resize("api", 1, 2);
  const hasty = await client.acquire({ heartbeatMaxIntervalMs: 3_000 });
  await client.passes(20_000);
  expect(hasty.lost).toBeUndefined();
  client.server.down();
  const ms = await abortAfter(client, hasty.signal);
  expect(ms).toBeLessThan(3_000);
  expect(ms).toBeGreaterThan(1_900);
  expect(hasty.lost).toMatchObject({ reason: "heartbeat" });
  expect(patient.lost).toBeUndefined();
  client.server.up();
  await client.passes(100);
  expect(await patient.release()).toBe(true);
});

test("a heartbeat that was written but never decided does not count", async () => {
  const client = await Client.connected();
  const slot = await client.acquire({ heartbeatMaxIntervalMs: 3_000 });
  client.server.leads = false;
  expect(await abortAfter(client, slot.signal)).toBeLessThan(3_000);
});

test("what was given back is not lost when the answer stays away", async () => {
  const client = await Client.connected();
  const slot = await client.acquire({ heartbeatMaxIntervalMs: 3_000 });
  client.server.down();
  const released = slot.release();
  await client.passes(3_000);
  expect(await released).toBe(false);
  expect(await slot.release()).toBe(false);
  expect(slot.signal.aborted).toBe(false);
  expect(client.warnings).toEqual([]);
});

test("a waiter is not lost by silence", async () => {
  const client = await Client.connected();
  client.server.other({ type: "acquire", semaphore: "api", acquisition: "x", value: 1, terms: {} });
  const slot = client.acquire({ heartbeatMaxIntervalMs: 1_000 });
  await client.passes(100);
  client.server.down();
  await client.passes(5_000);
  client.server.up();
  await client.passes(500);
  expect(client.story).toContain("abandoned id1-2");
  expect(client.warnings).toEqual([expect.stringContaining("waits again, at the tail")]);
  client.server.other({ type: "release", acquisition: "x" });
  await settled();
  expect((await slot).id).toBe("id1-3");
});

test("the server's clock jumps ahead: nobody loses a slot by it (trap 33)", async () => {
  const client = await Client.connected();
  const slot = await client.acquire({ ttlMs: 20_000, heartbeatMaxIntervalMs: 3_000 });
  client.server.jump(3_600_000);
  await client.passes(19_000);
  expect(slot.lost).toBeUndefined();
  expect(await abortAfter(client, slot.signal)).toBeLessThan(1_000);
});

test("a grant from after a jump that nobody told of: its TTL counts from its arrival", async () => {
  const client = await Client.connected();
  client.server.other({ type: "acquire", semaphore: "api", acquisition: "x", value: 1, terms: {} });
  const slot = client.acquire({ ttlMs: 10_000 });
  await settled();
  client.server.jump(3_600_000);
  client.server.other({ type: "release", acquisition: "x" });
  const { signal } = await slot;
  const ms = await abortAfter(client, signal);
  expect(ms).toBeLessThanOrEqual(10_000);
  expect(ms).toBeGreaterThan(9_700);
});

test("a long TTL is not cut short by the margin for drift while the log can be heard", async () => {
  const client = await Client.connected();
  const slot = await client.acquire({ ttlMs: 3_600_000, heartbeatMaxIntervalMs: 60_000 });
  await client.passes(59 * 60_000, 1_000);
  expect(slot.lost).toBeUndefined();
  const ms = await abortAfter(client, slot.signal);
  expect(ms).toBeGreaterThan(59_000);
  expect(ms).toBeLessThanOrEqual(60_000);
});

test("the log says itself that a wait has ended, with all that it knows", async () => {
  const client = await Client.connected();
  client.server.other({ type: "acquire", semaphore: "api", acquisition: "x", value: 1, terms: {} });
  const slot = client.acquire({ maxAcquireTimeMs: 1_000 });
  await client.passes(1_040);
  await expect(slot).rejects.toMatchObject({ held: 1, positionAtMost: 1, waitedMs: 1_000 });
});

test("a wait ends also when nobody answers, with the cause (trap 20)", async () => {
  const client = await Client.connected();
  client.server.down(new BackendUnavailableError("no route."));
  const slot = client.acquire({ maxAcquireTimeMs: 1_000 });
  await client.passes(1_040);
  expect(await now(slot)).toEqual({ is: "pending" });
  await client.passes(10);
  await expect(slot).rejects.toMatchObject({
    name: "AcquireTimeoutError",
    held: undefined,
    positionAtMost: undefined,
    waitedMs: 1_050,
    cause: { message: "no route." },
    message: expect.stringContaining("nobody answered"),
  });
  expect(client.staysAlive).toBe(false);
});

test("a timed-out waiter keeps no place: its cancel follows (trap 20)", async () => {
  const client = await Client.connected();
  client.server.leads = false;
  const slot = client.acquire({ maxAcquireTimeMs: 1_000 });
  await client.passes(1_100);
  await expect(slot).rejects.toMatchObject({ cause: { name: "BackendUnavailableError" } });
  expect(client.server.written.at(-1)?.commands).toContain('"reason":"timeout"');
  client.server.leads = true;
  const next = client.acquire();
  await client.passes(500);
  expect((await next).slotNumber).toBe(0);
});

test("a grant that crosses the end of the wait is given back (trap 4)", async () => {
  const client = await Client.connected();
  client.server.keptBack = [];
  const slot = client.acquire({ maxAcquireTimeMs: 150 });
  await client.passes(200);
  await expect(slot).rejects.toMatchObject({ name: "AcquireTimeoutError" });
  client.server.release();
  await client.passes(300);
  expect(client.story).toEqual(["queued id1-2", "granted id1-2", "released id1-2"]);
});

test("a cancel that crosses a grant gives the slot back (trap 4)", async () => {
  const client = await Client.connected();
  client.server.keptBack = [];
  const controller = new AbortController();
  const slot = client.acquire({}, controller.signal);
  await settled();
  controller.abort(new Error("never mind"));
  await expect(slot).rejects.toThrow("never mind");
  client.server.release();
  await client.passes(300);
  expect(client.story).toEqual(["queued id1-2", "granted id1-2", "released id1-2"]);
  expect(client.staysAlive).toBe(false);
});

test("tryAcquire without an answer ends, and what it got later is given back", async () => {
  const client = await Client.connected();
  client.server.leads = false;
  const slot = client.tryAcquire();
  await client.passes(5_000);
  await expect(slot).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE" });
  client.server.leads = true;
  await client.passes(5_000);
  expect(client.story).toEqual(["queued id1-2", "granted id1-2", "released id1-2"]);
});

test("nothing rejects unheard while all fails (trap 21)", async () => {
  const client = await Client.connected();
  const slot = await client.acquire({ ttlMs: 2_000, heartbeatMaxIntervalMs: 1_000 });
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  for (let i = 0; i < 5; i++) {
    client.server.fates = ["is refused", "loses its reply"];
    void slot.release();
    await client.passes(700);
    client.server.down();
    await client.passes(700);
    client.server.up();
  }
  await client.passes(1_000);
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

test("closing does not wait for ever for a log that does not answer", async () => {
  const client = await Client.connected();
  const slot = await client.acquire();
  const waiting = client.acquire();
  await settled();
  client.server.down();
  const closed = client.session.close(0);
  await client.passes(4_990);
  expect(await now(closed)).toEqual({ is: "pending" });
  await client.passes(10);
  await closed;
  expect(slot.lost).toMatchObject({ reason: "closed" });
  await expect(waiting).rejects.toMatchObject({ code: "CLOSED" });
});

test("a grant that arrives when its TTL is over is believed by nobody", async () => {
  const client = await Client.connected();
  client.server.keptBack = [];
  const slot = client.acquire({ ttlMs: 100 });
  await client.passes(150);
  client.server.release();
  expect((await slot).signal.aborted).toBe(true);
  expect((await slot).lost).toMatchObject({ reason: "ttl" });
});

test("where Redis answers and nobody leads, the errors say so, and what to do", async () => {
  const client = await Client.connected();
  client.server.leads = false;
  const asked = [
    client.acquire({ maxAcquireTimeMs: 1_000 }),
    client.tryAcquire(),
    client.session.resize("api", 1, 2),
  ].map((promise) => promise.catch((error: unknown) => error));
  await client.passes(5_000);
  for (const error of await Promise.all(asked)) {
    expect(error).toHaveProperty(
      "message",
      expect.stringContaining("Redis answers, but nobody leads"),
    );
    expect(error).toHaveProperty("message", expect.stringContaining('reconciler: "external"'));
  }
  expect(await asked[0]).toMatchObject({ name: "AcquireTimeoutError", positionAtMost: undefined });
});

test("who stands in the queue when the leader ends is told so as well", async () => {
  const client = await Client.connected();
  await client.acquire();
  const slot = client.acquire({ maxAcquireTimeMs: 2_000 });
  await settled();
  client.server.leads = false;
  void client.session.revoke("x", false).catch(() => {});
  await client.passes(2_100);
  await expect(slot).rejects.toMatchObject({
    positionAtMost: 1,
    message: expect.stringContaining("Redis answers, but nobody leads"),
  });
});

test("that nobody led once is not said of what came later", async () => {
  const client = await Client.connected();
  client.server.leads = false;
  const slot = client.acquire();
  await client.passes(300);
  client.server.leads = true;
  client.server.decide();
  await slot;
  client.server.down();
  const next = client.tryAcquire();
  await client.passes(5_000);
  await expect(next).rejects.toMatchObject({ message: expect.stringContaining("can be reached") });
});

test("a backlog from a time without a leader is written as far as it may be, and decided when one comes", async () => {
  const client = await Client.connected();
  const slot = await client.acquire();
  client.server.leads = false;
  const { length } = client.server.written;
  const questions: Promise<boolean>[] = [];
  for (let i = 0; i < 300; i++) {
    questions.push(client.session.resize("api", 1, 2 + i).catch(() => false));
    await settled();
  }
  expect(client.server.written.length - length).toBe(256);
  client.server.leads = true;
  client.server.decide();
  await client.passes(1_000);
  expect((await Promise.all(questions)).every((resized) => resized)).toBe(true);
  expect(await slot.release()).toBe(true);
});
