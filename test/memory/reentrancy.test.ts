/** A listener that acts while it is told (trap 32): nobody is granted twice, the order is kept. */

import { expect, test } from "vitest";
import type { Acquisition, Inspect, Logger, Semaphore } from "../../src/index.js";
import { TestCoordinator } from "../../src/testing.js";
import { all } from "../contract/backend.js";

function given(value = 1) {
  const coordinator = new TestCoordinator();
  const { clock } = coordinator;
  return { coordinator, clock, semaphore: coordinator.semaphore({ name: "api", value }) };
}

function onLoss(slot: Acquisition, act: () => void): void {
  slot.signal.addEventListener("abort", act, { once: true });
}

/** At no time did more hold than there are slots, and no slot had two holders. */
async function expectNoDoubleGrant(semaphore: Semaphore): Promise<void> {
  const held = new Map<string, number>();
  for await (const event of semaphore.history()) {
    if (event.type === "granted") {
      expect([...held.values()]).not.toContain(event.slot);
      held.set(event.acquisition, event.slot);
    }
    if (event.type === "released" || event.type === "expired") held.delete(event.acquisition);
    expect(held.size).toBeLessThanOrEqual(semaphore.value);
  }
}

test("an abort listener that acquires stands behind those who waited", async () => {
  const { clock, semaphore } = given();
  const slot = await semaphore.acquire({ ttlMs: 100 });
  const second = semaphore.acquire();
  const third: Promise<Acquisition>[] = [];
  onLoss(slot, () => third.push(semaphore.acquire()));
  clock.advance(100);
  const next = await second;
  expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 1, queued: 1 });
  await next.release();
  expect((await third[0])?.slotNumber).toBe(0);
  await expectNoDoubleGrant(semaphore);
});

test("an abort listener that acquires gets the slot that was lost, if nobody waits", async () => {
  const { clock, semaphore } = given();
  const slot = await semaphore.acquire({ ttlMs: 100 });
  const again: Promise<Acquisition>[] = [];
  onLoss(slot, () => again.push(semaphore.acquire()));
  clock.advance(100);
  expect((await again[0])?.fencingToken).toBeGreaterThan(slot.fencingToken);
  await expectNoDoubleGrant(semaphore);
});

test("an abort listener that tries gets null where another one was served", async () => {
  const { clock, semaphore } = given();
  const slot = await semaphore.acquire({ ttlMs: 100 });
  const second = semaphore.acquire();
  const tried: Promise<Acquisition | null>[] = [];
  onLoss(slot, () => tried.push(semaphore.tryAcquire(), semaphore.tryAcquire()));
  clock.advance(100);
  await second;
  expect(await Promise.all(tried)).toEqual([null, null]);
});

test("an abort listener that gives up what it had asked for while it is told leaves nothing", async () => {
  const { clock, semaphore } = given();
  const slot = await semaphore.acquire({ ttlMs: 100 });
  const asked: Promise<unknown>[] = [];
  onLoss(slot, () => {
    const controller = new AbortController();
    const { signal } = controller;
    asked.push(semaphore.acquire({ signal }), semaphore.tryAcquire({ signal }));
    controller.abort("changed my mind");
  });
  clock.advance(100);
  const outcomes = await Promise.allSettled(asked);
  expect(outcomes).toEqual(asked.map(() => ({ status: "rejected", reason: "changed my mind" })));
  expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 0, queued: 0 });
});

test("an abort listener that releases another slot wakes the next in the order", async () => {
  const { clock, semaphore } = given(2);
  const [first, other] = [await semaphore.acquire({ ttlMs: 100 }), await semaphore.acquire()];
  const order: number[] = [];
  const waiting = [1, 2].map((place) => semaphore.acquire().then(() => order.push(place)));
  const released: Promise<boolean>[] = [];
  onLoss(first, () => released.push(other.release(), other.release()));
  clock.advance(100);
  await Promise.all(waiting);
  expect(order).toEqual([1, 2]);
  expect(await Promise.all(released)).toEqual([true, false]);
  await expectNoDoubleGrant(semaphore);
});

test("an abort listener that releases the lost slot changes nothing", async () => {
  const { clock, semaphore } = given();
  const slot = await semaphore.acquire({ ttlMs: 100 });
  const second = semaphore.acquire();
  const released: Promise<boolean>[] = [];
  onLoss(slot, () => released.push(slot.release(), semaphore.release(slot.id)));
  clock.advance(100);
  expect((await second).state).toBe("held");
  expect(await Promise.all(released)).toEqual([false, false]);
});

test("a holder that releases when it is told to gives back one slot", async () => {
  const { semaphore } = given();
  const slot = await semaphore.acquire();
  const [second] = [semaphore.acquire(), semaphore.acquire()];
  onLoss(slot, () => void slot.release());
  expect(await semaphore.revoke(slot.id)).toBe(true);
  await second;
  expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 1, queued: 1 });
  await expectNoDoubleGrant(semaphore);
});

test("ten thousand listeners that each revoke the next are told without a deep stack", async () => {
  const { semaphore } = given(10_000);
  const slots = await Promise.all(Array.from({ length: 10_000 }, () => semaphore.acquire()));
  const revoked: Promise<boolean>[] = [];
  slots.forEach((slot, i) => {
    const next = slots[i + 1];
    if (next) onLoss(slot, () => revoked.push(semaphore.revoke(next.id)));
  });
  expect(await semaphore.revoke(slots[0]?.id ?? "")).toBe(true);
  expect(new Set(await Promise.all(revoked))).toEqual(new Set([true]));
  expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 0 });
});

test("an abort listener may close the coordinator", async () => {
  const { coordinator, clock, semaphore } = given(2);
  const [first, other] = [await semaphore.acquire({ ttlMs: 100 }), await semaphore.acquire()];
  const closed: Promise<void>[] = [];
  onLoss(first, () => closed.push(coordinator.close()));
  clock.advance(100);
  await Promise.all(closed);
  expect(other.signal.reason).toMatchObject({ reason: "closed" });
  expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 0 });
});

test("what a listener sees is what is", async () => {
  const { clock, semaphore } = given();
  const slot = await semaphore.acquire({ ttlMs: 100 });
  const second = semaphore.acquire();
  const seen: Promise<unknown>[] = [];
  onLoss(slot, () => seen.push(semaphore.locked(), semaphore.stats(), semaphore.holders()));
  clock.advance(100);
  const { id } = await second;
  expect(await Promise.all(seen)).toMatchObject([true, { acquiredSlots: 1 }, [{ id }]]);
});

test("an observer that acquires at every snapshot grants nobody twice", async () => {
  const { semaphore } = given(3);
  const asked: Promise<Acquisition | null>[] = [];
  const inspect: Inspect = ({ type }) => {
    if (type === "@xstate.snapshot") asked.push(semaphore.tryAcquire());
  };
  const slot = await semaphore.acquire({ inspect });
  await slot.release();
  const granted = (await Promise.all(asked)).filter((slot) => slot !== null);
  expect(asked.length).toBeGreaterThan(2);
  expect(await semaphore.stats()).toMatchObject({ acquiredSlots: granted.length });
  await expectNoDoubleGrant(semaphore);
});

test("an observer that acquires is served in its turn", async () => {
  const { semaphore } = given();
  const holder = await semaphore.acquire();
  const order: string[] = [];
  const inspect: Inspect = ({ type }) => {
    if (type !== "@xstate.actor") return;
    void semaphore.use(() => order.push("the observer"));
  };
  const watched = semaphore.use(() => order.push("the observed"), { inspect });
  const last = semaphore.use(() => order.push("the last"));
  await holder.release();
  await Promise.all([watched, last]);
  expect(order).toEqual(["the observer", "the observed", "the last"]);
});

/** Told of the grant, it aborts the acquire that it is told of. */
function spoiler() {
  const controller = new AbortController();
  const abort = () => controller.abort("spoiled");
  const logger: Logger = { debug: abort, info: abort, warn: abort, error: abort };
  return { signal: controller.signal, logger };
}

test("a logger that aborts the acquire while it is granted: rejected, and the slot comes back", async () => {
  const { semaphore } = given();
  const holder = await semaphore.acquire();
  const spoiled = semaphore.acquire(spoiler());
  const next = semaphore.acquire();
  await holder.release();
  await expect(spoiled).rejects.toBe("spoiled");
  expect((await next).slotNumber).toBe(0);
});

test("a logger that aborts the tryAcquire while it is granted: nobody believes to hold what came back", async () => {
  const { clock, semaphore } = given();
  const slot = await semaphore.acquire({ ttlMs: 100 });
  const spoiled: Promise<Acquisition | null>[] = [];
  onLoss(slot, () => spoiled.push(semaphore.tryAcquire(spoiler())));
  clock.advance(100);
  const [outcome] = await Promise.allSettled(spoiled);
  expect(await semaphore.locked()).toBe(false);
  expect(outcome).toEqual({ status: "rejected", reason: "spoiled" });
});

test("a logger that acquires and releases disturbs nobody", async () => {
  const { semaphore } = given(2);
  let inside = false;
  const act = () => {
    if (inside) return;
    inside = true;
    void semaphore.tryAcquire().then(async (slot) => {
      await slot?.release();
      inside = false;
    });
  };
  const logger: Logger = { debug: act, info: act, warn: act, error: act };
  await Promise.all(Array.from({ length: 20 }, () => semaphore.use(() => {}, { logger })));
  const events = await all(semaphore.history());
  expect(events.filter(({ type }) => type === "granted").length).toBeGreaterThan(20);
  await expectNoDoubleGrant(semaphore);
});

test("a hundred thousand commands of one listener are worked off one after the other", async () => {
  const { clock, semaphore } = given(1);
  const slot = await semaphore.acquire({ ttlMs: 100 });
  const tried: Promise<unknown>[] = [];
  onLoss(slot, () => {
    for (let i = 0; i < 100_000; i++) tried.push(semaphore.tryAcquire());
  });
  clock.advance(100);
  const got = (await Promise.all(tried)).filter((one) => one !== null);
  expect([tried.length, got.length]).toEqual([100_000, 1]);
});
