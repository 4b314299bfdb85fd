/** What nobody uses any more is forgotten after a minute (trap 15), and nobody notices. */

import { expect, test } from "vitest";
import { TestCoordinator } from "../../src/testing.js";
import { all } from "../contract/backend.js";
import { SleepyClock } from "../support/memory-clocks.js";
import { Fleet } from "../support/memory-fleet.js";
import { now } from "../support/memory-promises.js";

const MINUTE_MS = 60_000;
const limit = 100_000;

test("ten thousand names that were used once are gone after a minute, and the session with them", async () => {
  const coordinator = new TestCoordinator({ historyRetention: 1 });
  const names = Array.from({ length: 10_000 }, (_, i) => `once-${i}`);
  for (const name of names) await coordinator.semaphore({ name, value: 1 }).use(() => {});
  expect((await coordinator.stats({ names, limit })).size).toBe(10_000);

  coordinator.clock.advance(MINUTE_MS - 1);
  expect((await coordinator.stats({ names, limit })).size).toBe(10_000);
  coordinator.clock.advance(1);
  expect((await coordinator.stats({ names, limit })).size).toBe(0);
  const [swept] = await all(coordinator.history());
  expect(swept).toMatchObject({
    type: "swept",
    semaphores: [...names].sort(),
    sessions: [expect.stringContaining("test")],
  });
});

test("a thousand sessions that were used once are gone after a minute", async () => {
  const fleet = Fleet.simulated();
  const observer = fleet.coordinator();
  for (let i = 0; i < 1_000; i++) {
    const semaphore = fleet.coordinator().semaphore({ name: "api", value: 1 });
    await semaphore.use(() => {});
  }
  fleet.clock.advance(MINUTE_MS);
  const swept = (await all(observer.history())).findLast(({ type }) => type === "swept");
  expect(swept).toMatchObject({ sessions: { length: 1_000 } });
});

test("who closed is forgotten as well", async () => {
  const fleet = Fleet.simulated();
  const [coordinator, observer] = [fleet.coordinator(), fleet.coordinator()];
  await coordinator.semaphore({ name: "api", value: 1 }).acquire();
  await coordinator.close();
  fleet.clock.advance(MINUTE_MS);
  const swept = (await all(observer.history())).at(-1);
  expect(swept).toMatchObject({ type: "swept", semaphores: ["api"], sessions: { length: 1 } });
});

test("who was forgotten goes on as if nothing had been", async () => {
  const coordinator = new TestCoordinator();
  const { clock } = coordinator;
  const semaphore = coordinator.semaphore({ name: "api", value: 1 });
  for (let i = 0; i < 3; i++) {
    expect(await semaphore.use(({ slotNumber }) => slotNumber)).toBe(0);
    expect(await semaphore.resize(2)).toBe(true);
    expect(await semaphore.resize(1)).toBe(true);
    expect(await semaphore.release("nobody-1")).toBe(false);
    clock.advance(10 * MINUTE_MS);
  }
});

test("ids are not given again to another life of the same session", async () => {
  const coordinator = new TestCoordinator();
  const { clock } = coordinator;
  const semaphore = coordinator.semaphore({ name: "api", value: 1 });
  const first = await semaphore.use(({ id }) => id);
  clock.advance(10 * MINUTE_MS);
  expect(await semaphore.use(({ id }) => id)).not.toBe(first);
});

test("what is held or waited for is remembered however long", async () => {
  const coordinator = new TestCoordinator();
  const { clock } = coordinator;
  const semaphore = coordinator.semaphore({ name: "api", value: 1 });
  const slot = await semaphore.acquire();
  const second = semaphore.acquire();
  clock.advance(1_000 * MINUTE_MS);
  expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 1, queued: 1 });
  expect(await slot.release()).toBe(true);
  expect((await second).slotNumber).toBe(0);
});

test("an operator's resize keeps the semaphore until it is set back", async () => {
  const coordinator = new TestCoordinator();
  const { clock } = coordinator;
  const semaphore = coordinator.semaphore({ name: "api", value: 1 });
  await semaphore.resize(5);
  clock.advance(1_000 * MINUTE_MS);
  expect(await semaphore.stats()).toMatchObject({ maxSlots: 5 });
  await semaphore.resize(1);
  clock.advance(MINUTE_MS);
  expect((await coordinator.stats({ names: ["api"] })).size).toBe(0);
});

test("another value is welcome after a minute", async () => {
  const coordinator = new TestCoordinator();
  const { clock } = coordinator;
  await coordinator.semaphore({ name: "api", value: 1 }).use(() => {});
  clock.advance(MINUTE_MS);
  const larger = coordinator.semaphore({ name: "api", value: 2 });
  expect(await larger.use(() => larger.stats())).toMatchObject({ maxSlots: 2 });
});

test("a session that is forgotten while its commands are under way is asked nothing twice and answered all", async () => {
  // Given two sessions, one idle for nearly a minute; and the other's slot that ends then.
  const fleet = Fleet.on(new SleepyClock());
  const { clock } = fleet;
  const [idle, busy] = [fleet.coordinator(), fleet.coordinator()];
  const other = idle.semaphore({ name: "other", value: 1 });
  await other.use(() => {});
  clock.sleep(1);
  const semaphore = busy.semaphore({ name: "api", value: 1 });
  const slot = await semaphore.acquire({ ttlMs: MINUTE_MS - 2 });

  // When the minute is over in the midst of a step: at the head of its notifications both ask for more.
  const asked: Promise<unknown>[] = [];
  slot.signal.addEventListener("abort", () => {
    asked.push(semaphore.acquire(), other.acquire(), other.resize(2), other.release("nobody-1"));
    clock.sleep(1);
  });
  clock.sleep(MINUTE_MS - 2);
  clock.wake();

  // Then every wait ends.
  expect(asked.length).toBe(4);
  expect(await Promise.all(asked.map((promise) => now(promise)))).toMatchObject([
    { is: "resolved", value: { slotNumber: 0 } },
    { is: "resolved", value: { slotNumber: 0 } },
    { is: "resolved", value: true },
    { is: "resolved", value: false },
  ]);
});
