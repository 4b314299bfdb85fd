/** History keeps the last so many events, and no more. */

import { expect, test } from "vitest";
import { MemoryCoordinator } from "../../src/index.js";
import { TestCoordinator } from "../../src/testing.js";
import { all } from "../contract/backend.js";

/** Each use is three events: queued, granted, released. */
async function given(historyRetention: number | undefined, uses: number) {
  const coordinator = new TestCoordinator({ historyRetention });
  const semaphore = coordinator.semaphore({ name: "api", value: 1 });
  for (let i = 0; i < uses; i++) await semaphore.use(() => {});
  return coordinator;
}

const seqs = async (coordinator: TestCoordinator) =>
  (await all(coordinator.history())).map(({ seq }) => seq);

test.each([
  [5, 1, [1, 2, 3]],
  [3, 1, [1, 2, 3]],
  [5, 2, [2, 3, 4, 5, 6]],
  [4, 3, [6, 7, 8, 9]],
  [1, 3, [9]],
  [0, 3, []],
])("of %d kept after %d uses there are %j", async (retention, uses, kept) => {
  expect(await seqs(await given(retention, uses))).toEqual(kept);
});

test("ten thousand are kept unless said otherwise", async () => {
  const kept = await seqs(await given(undefined, 4_000));
  expect(kept.length).toBe(10_000);
  expect([kept[0], kept.at(-1)]).toEqual([2_001, 12_000]);
});

test("what is forgotten in history still counts in the state", async () => {
  const coordinator = await given(2, 0);
  const semaphore = coordinator.semaphore({ name: "api", value: 1 });
  const slot = await semaphore.acquire();
  await semaphore.tryAcquire();
  await semaphore.tryAcquire();
  expect(await all(slot.history())).toEqual([]);
  expect(await semaphore.holders()).toMatchObject([{ id: slot.id }]);
});

test("who reads is not disturbed by what happens meanwhile", async () => {
  const coordinator = await given(6, 2);
  const semaphore = coordinator.semaphore({ name: "api", value: 1 });
  const read: number[] = [];
  for await (const { seq } of coordinator.history()) {
    read.push(seq);
    await semaphore.use(() => {});
  }
  expect(read).toEqual([1, 2, 3, 4, 5, 6]);
});

test("may be read again, and stopped in the midst", async () => {
  const history = (await given(10, 2)).history();
  for await (const { seq } of history) if (seq === 2) break;
  expect(await all((await given(10, 2)).history())).toHaveLength(6);
});

test("an isolated MemoryCoordinator keeps as much as it was told", async () => {
  const coordinator = new MemoryCoordinator({ threads: "isolated", historyRetention: 2 });
  await coordinator.semaphore({ name: "api", value: 1 }).use(() => {});
  const kept = (await all(coordinator.history())).map(({ type }) => type);
  expect(kept).toEqual(["granted", "released"]);
  await coordinator.close();
});

test("an alarm that was set for what is over already leaves nothing in the history", async () => {
  const coordinator = new TestCoordinator();
  const semaphore = coordinator.semaphore({ name: "api", value: 1, ttlMs: 5 });
  for (let i = 0; i < 10; i++) {
    await (await semaphore.acquire()).release();
    coordinator.clock.advance(10);
  }
  const types = (await all(coordinator.history())).map(({ type }) => type);
  expect(new Set(types)).toEqual(new Set(["queued", "granted", "released"]));
});
