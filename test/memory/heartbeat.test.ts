/** Who is not heard any more loses what it has; who is heard keeps it. */

import { expect, test, vi } from "vitest";
import { all } from "../contract/backend.js";
import { deaf, SleepyClock } from "../support/memory-clocks.js";
import { Fleet } from "../support/memory-fleet.js";
import { now } from "../support/memory-promises.js";

const watched = { name: "api", value: 1, heartbeatMaxIntervalMs: 900 };

/** The session of `dying` never says anything by itself; that of `living` is well. */
function given() {
  const fleet = Fleet.simulated();
  const living = fleet.coordinator();
  return {
    clock: fleet.clock,
    living: living.semaphore(watched),
    dying: fleet.coordinator(deaf(fleet.clock)).semaphore(watched),
    heartbeats: async () => (await all(living.history())).filter((e) => e.type === "heartbeat"),
  };
}

test("a slot passes from who fell silent to who waits", async () => {
  const { clock, living, dying } = given();
  const slot = await dying.acquire();
  const second = living.acquire();
  clock.advance(899);
  expect(slot.signal.aborted).toBe(false);
  clock.advance(1);
  expect(slot.signal.reason).toMatchObject({ name: "AcquisitionLostError", reason: "heartbeat" });
  expect(slot.signal.reason.message).toContain("Don't block the event loop");
  expect(slot.state).toBe("expired");
  expect(await second).toMatchObject({ slotNumber: 0, grantedAt: 900 });
  expect(await slot.release()).toBe(false);
});

test("a waiter that fell silent leaves the queue, and blocks nobody (trap 6)", async () => {
  const { clock, living, dying } = given();
  const slot = await living.acquire();
  const second = dying.acquire();
  const third = living.acquire();
  clock.advance(900);
  await slot.release();
  expect((await third).slotNumber).toBe(0);
  expect(await now(second)).toEqual({ is: "pending" });
});

test("a waiter that was taken for dead and lives waits again, at the tail, and is warned", async () => {
  const { clock, living, dying } = given();
  const warn = vi.fn();
  const logger = { debug() {}, info() {}, warn, error() {} };
  const slot = await living.acquire();
  const second = dying.acquire({ logger });
  const third = living.acquire();
  const before = await living.waiters();
  clock.advance(900);
  const after = await living.waiters();
  expect(after.map(({ session }) => session)).toEqual(
    before.map(({ session }) => session).reverse(),
  );
  expect(warn.mock.calls).toEqual([
    [expect.anything(), expect.stringContaining("waits again, at the tail")],
  ]);
  await slot.release();
  await (await third).release();
  expect(await (await second).release()).toBe(true);
});

test("who waits again waits no longer than it said at first", async () => {
  const { clock, living, dying } = given();
  const slot = await living.acquire();
  const second = dying.acquire({ maxAcquireTimeMs: 2_000 }).catch((error) => error);
  clock.advance(1_999);
  expect(await now(second)).toEqual({ is: "pending" });
  clock.advance(1);
  expect(await second).toMatchObject({ name: "AcquireTimeoutError", waitedMs: 2_000 });
  expect(await slot.release()).toBe(true);
});

test("who gave up waiting does not wait again", async () => {
  const fleet = Fleet.on(new SleepyClock());
  const holder = fleet.coordinator().semaphore({ name: "api", value: 1 });
  const slot = await holder.acquire();
  const waiter = fleet.coordinator().semaphore(watched);
  const controller = new AbortController();
  const waiting = waiter.acquire({ signal: controller.signal });
  fleet.clock.sleep(500);
  await holder.release("nobody-1");
  fleet.clock.sleep(500);
  controller.abort(new Error("too long"));
  await expect(waiting).rejects.toThrow("too long");
  expect(await holder.waiters()).toEqual([]);
  expect(await slot.release()).toBe(true);
});

test("a blocked event loop is told to every logger once, with its length", async () => {
  const fleet = Fleet.on(new SleepyClock());
  const warn = vi.fn();
  const logger = { debug() {}, info() {}, warn, error() {} };
  const semaphore = fleet.coordinator().semaphore({ ...watched, value: 3, logger });
  const slots = [await semaphore.acquire(), await semaphore.acquire()];
  fleet.clock.sleep(300 + 1_000);
  fleet.clock.wake();
  expect(warn).not.toHaveBeenCalled();
  fleet.clock.sleep(300 + 1_001);
  fleet.clock.wake();
  expect(warn.mock.calls).toEqual([
    [{ blockedMs: 1_001 }, expect.stringContaining("was blocked for 1001 ms")],
  ]);
  for (const slot of slots) await slot.release();
});

test("a session that lives keeps what it has, however long", async () => {
  const { clock, living } = given();
  const slot = await living.acquire();
  const second = living.acquire();
  clock.advance(3_600_000);
  expect(slot.signal.aborted).toBe(false);
  expect(await now(second)).toEqual({ is: "pending" });
  expect(await slot.release()).toBe(true);
  expect((await second).slotNumber).toBe(0);
});

test("any command is a sign of life", async () => {
  const { clock, dying } = given();
  const slot = await dying.acquire();
  clock.advance(800);
  await dying.tryAcquire();
  clock.advance(800);
  expect(slot.state).toBe("held");
  clock.advance(100);
  expect(slot.state).toBe("expired");
});

test("who asked for no heartbeat is not watched", async () => {
  const { clock, dying } = given();
  const slot = await dying.coordinator.semaphore({ name: "blob", value: 1 }).acquire();
  clock.advance(3_600_000);
  expect(slot.state).toBe("held");
});

test("a TTL that is shorter ends first", async () => {
  const { clock, dying } = given();
  const slot = await dying.acquire({ ttlMs: 500 });
  clock.advance(500);
  expect(slot.signal.reason).toMatchObject({ reason: "ttl" });
});

test("the state is held, then heartbeating from the first heartbeat on, then released", async () => {
  const { clock, living } = given();
  const slot = await living.acquire();
  expect(slot.state).toBe("held");
  clock.advance(299);
  expect(slot.state).toBe("held");
  clock.advance(1);
  expect(slot.state).toBe("heartbeating");
  await slot.release();
  expect(slot.state).toBe("released");
});

test("a slot is held at first also when its session was heard before", async () => {
  const { clock, living } = given();
  const first = await living.acquire();
  clock.advance(300);
  await first.release();
  const second = await living.acquire();
  expect(second.state).toBe("held");
  clock.advance(300);
  expect(second.state).toBe("heartbeating");
});

test("an acquisition that is heartbeating can be lost as well", async () => {
  const { clock, living } = given();
  const slot = await living.acquire({ ttlMs: 1_000 });
  clock.advance(999);
  expect(slot.state).toBe("heartbeating");
  clock.advance(1);
  expect(slot.state).toBe("expired");
});

test("without heartbeatMaxIntervalMs it stays held, and nothing is sent", async () => {
  const { clock, living, heartbeats } = given();
  const slot = await living.coordinator.semaphore({ name: "blob", value: 1 }).acquire();
  clock.advance(10_000);
  expect(slot.state).toBe("held");
  expect(await heartbeats()).toEqual([]);
});

test("one heartbeat does for all, three within the shortest interval", async () => {
  const { clock, living, heartbeats } = given();
  const many = living.coordinator.semaphore({ name: "blob", value: 100 });
  for (let i = 0; i < 50; i++) await many.acquire({ heartbeatMaxIntervalMs: 60_000 });
  for (let i = 0; i < 50; i++) await many.acquire({ heartbeatMaxIntervalMs: 900 });
  clock.advance(9_000);
  expect((await heartbeats()).length).toBe(30);
});

test("the heart stops when nothing needs it any more", async () => {
  const { clock, living, heartbeats } = given();
  const slot = await living.acquire();
  clock.advance(300);
  await slot.release();
  clock.advance(10_000);
  expect((await heartbeats()).length).toBe(1);
});

test("the heart slows down when only patient ones are left", async () => {
  const { clock, living, heartbeats } = given();
  const hasty = await living.acquire();
  await living.coordinator
    .semaphore({ name: "blob", value: 1 })
    .acquire({ heartbeatMaxIntervalMs: 9_000 });
  clock.advance(300);
  await hasty.release();
  clock.advance(9_000);
  expect((await heartbeats()).length).toBeLessThanOrEqual(5);
});

test.each([false, true])(
  "when all slept, nobody counts as silent: silence counts from the waking (timers backwards: %j)",
  async (backwards) => {
    const fleet = Fleet.on(new SleepyClock());
    const one = fleet.coordinator().semaphore({ ...watched, value: 2 });
    const other = fleet.coordinator().semaphore({ ...watched, value: 2 });
    const slots = [await one.acquire(), await other.acquire()];
    const waiting = other.acquire();
    fleet.clock.sleep(3_600_000);
    fleet.clock.wake({ backwards });
    expect(slots.map(({ signal }) => signal.aborted)).toEqual([false, false]);
    await slots[0]?.release();
    expect((await waiting).slotNumber).toBe(0);
  },
);
