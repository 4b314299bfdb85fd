/** What happens in which millisecond: ends that meet, ends that are noticed late. */

import { expect, test } from "vitest";
import { AcquireTimeoutError } from "../../src/index.js";
import { TestCoordinator } from "../../src/testing.js";
import { all } from "../contract/backend.js";
import { SleepyClock } from "../support/memory-clocks.js";
import { Fleet } from "../support/memory-fleet.js";
import { now } from "../support/memory-promises.js";

function given(ttlMs?: number) {
  const coordinator = new TestCoordinator({ startAt: 1_000 });
  const semaphore = coordinator.semaphore({ name: "api", value: 1, ttlMs });
  return { clock: coordinator.clock, semaphore };
}

test("a TTL ends in its millisecond, not before", async () => {
  const { clock, semaphore } = given(100);
  const slot = await semaphore.acquire();
  clock.advance(99);
  expect([slot.state, slot.remainingMs(), slot.signal.aborted]).toEqual(["held", 1, false]);
  clock.advance(1);
  expect([slot.state, slot.remainingMs(), slot.signal.aborted]).toEqual(["expired", 0, true]);
});

test("a TTL counts from the grant, not from the acquire", async () => {
  const { clock, semaphore } = given(100);
  await semaphore.acquire();
  const second = semaphore.acquire();
  clock.advance(100);
  const slot = await second;
  expect([slot.grantedAt, slot.expiresAt, slot.remainingMs()]).toEqual([1_100, 1_200, 100]);
  clock.advance(99);
  expect(slot.state).toBe("held");
});

test("each keeps its own TTL, whoever comes later (trap 10)", async () => {
  const { clock, semaphore } = given();
  const slot = await semaphore.acquire({ ttlMs: 60_000 });
  const contender = semaphore.acquire({ ttlMs: 200 });
  clock.advance(59_999);
  expect(slot.state).toBe("held");
  clock.advance(1);
  expect((await contender).expiresAt).toBe(61_200);
});

test("a chain of TTLs falls due in one advance", async () => {
  const { clock, semaphore } = given(10);
  const slots = Promise.all([1, 2, 3, 4, 5].map(() => semaphore.acquire()));
  clock.advance(50);
  const granted = (await slots).map(({ grantedAt }) => grantedAt);
  expect(granted).toEqual([1_000, 1_010, 1_020, 1_030, 1_040]);
  expect(await semaphore.locked()).toBe(false);
});

test("a timeout tells how long was waited, to the millisecond", async () => {
  const { clock, semaphore } = given();
  await semaphore.acquire();
  const second = semaphore.acquire({ maxAcquireTimeMs: 100 });
  clock.advance(99);
  expect(await now(second)).toEqual({ is: "pending" });
  clock.advance(1);
  await expect(second).rejects.toMatchObject({ waitedMs: 100, held: 1, value: 1 });
});

test("a slot that comes free a millisecond before the timeout is given", async () => {
  const { clock, semaphore } = given(99);
  await semaphore.acquire();
  const second = semaphore.acquire({ maxAcquireTimeMs: 100, ttlMs: 1_000 });
  clock.advance(100);
  expect((await second).grantedAt).toBe(1_099);
});

test("a slot that comes free in the millisecond of the timeout is not lost", async () => {
  const { clock, semaphore } = given(100);
  await semaphore.acquire();
  const second = semaphore.acquire({ maxAcquireTimeMs: 100 });
  const third = semaphore.acquire();
  clock.advance(100);
  await expect(second).rejects.toBeInstanceOf(AcquireTimeoutError);
  expect(await third).toMatchObject({ slotNumber: 0, grantedAt: 1_100 });
});

test("a release that comes after the timeout wakes the next one", async () => {
  const { clock, semaphore } = given();
  const slot = await semaphore.acquire();
  const second = semaphore.acquire({ maxAcquireTimeMs: 100 });
  const third = semaphore.acquire({ maxAcquireTimeMs: 200 });
  clock.advance(100);
  const released = slot.release();
  await expect(second).rejects.toBeInstanceOf(AcquireTimeoutError);
  expect(await released).toBe(true);
  expect(await third).toMatchObject({ slotNumber: 0 });
});

test("the timeout ends with the grant", async () => {
  const { clock, semaphore } = given();
  const slot = await semaphore.acquire({ maxAcquireTimeMs: 100 });
  clock.advance(1_000_000);
  expect(slot.state).toBe("held");
});

test("fractions of a millisecond are rounded up: nothing ends early", async () => {
  const { clock, semaphore } = given();
  const slot = await semaphore.acquire({ ttlMs: 10.2 });
  const second = semaphore.acquire({ maxAcquireTimeMs: 5.5 });
  expect(slot.expiresAt).toBe(1_011);
  clock.advance(5);
  expect(await now(second)).toEqual({ is: "pending" });
  clock.advance(1);
  await expect(second).rejects.toMatchObject({ waitedMs: 6 });
  clock.advance(4);
  expect(slot.state).toBe("held");
  clock.advance(1);
  expect(slot.state).toBe("expired");
});

test("sixty days are sixty days", async () => {
  const days = 86_400_000;
  const { clock, semaphore } = given(60 * days);
  const slot = await semaphore.acquire();
  clock.advance(60 * days - 1);
  expect(slot.state).toBe("held");
  clock.advance(1);
  expect(slot.state).toBe("expired");
});

test("what is due is noticed by whoever asks, also before a timer could ring", async () => {
  const fleet = Fleet.on(new SleepyClock());
  const semaphore = fleet.coordinator().semaphore({ name: "api", value: 1 });
  const slot = await semaphore.acquire({ ttlMs: 100 });
  const second = semaphore.acquire({ maxAcquireTimeMs: 50 });
  fleet.clock.sleep(150);
  expect(await semaphore.locked()).toBe(false);
  expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 0, queued: 0 });
  expect(await semaphore.holders()).toEqual([]);
  expect((await all(semaphore.history())).map(({ type }) => type)).toEqual([
    ...["queued", "granted", "queued", "abandoned", "expired"],
  ]);
  expect(slot.signal.aborted).toBe(true);
  await expect(second).rejects.toBeInstanceOf(AcquireTimeoutError);
});

test("a release that comes too late is none, also before a timer could ring", async () => {
  const fleet = Fleet.on(new SleepyClock());
  const semaphore = fleet.coordinator().semaphore({ name: "api", value: 1 });
  const slot = await semaphore.acquire({ ttlMs: 100 });
  fleet.clock.sleep(100);
  expect(slot.remainingMs()).toBe(0);
  expect(await slot.release()).toBe(false);
  expect(slot.signal.reason).toMatchObject({ reason: "ttl" });
});

test("a slot that came free too late goes to the next one, also before a timer could ring", async () => {
  const fleet = Fleet.on(new SleepyClock());
  const semaphore = fleet.coordinator().semaphore({ name: "api", value: 1 });
  const slot = await semaphore.acquire();
  const second = semaphore.acquire({ maxAcquireTimeMs: 50 });
  const third = semaphore.acquire();
  fleet.clock.sleep(60);
  expect(await slot.release()).toBe(true);
  await expect(second).rejects.toBeInstanceOf(AcquireTimeoutError);
  expect((await third).slotNumber).toBe(0);
});
