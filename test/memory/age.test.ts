/** What is too old goes from the history of memory mode. */

import { expect, test } from "vitest";
import { TestCoordinator } from "../../src/testing.js";
import { all } from "../contract/backend.js";

/** A use each second, which is three events. */
async function used(coordinator: TestCoordinator, seconds: number): Promise<void> {
  const semaphore = coordinator.semaphore({ name: "api", value: 1 });
  for (let second = 0; second < seconds; second++) {
    coordinator.clock.advance(1_000);
    await semaphore.use(() => {});
  }
}

async function oldestMs(coordinator: TestCoordinator): Promise<number> {
  const [oldest] = await all(coordinator.history({ limit: 1 }));
  return coordinator.clock.now() - (oldest?.at ?? 0);
}

test("what is too old goes soon, however little is left", async () => {
  const coordinator = new TestCoordinator({ historyRetention: { ageMs: 60_000 } });
  await used(coordinator, 59);
  expect(await oldestMs(coordinator)).toBe(58_000);
  for (let round = 0; round < 100; round++) {
    await used(coordinator, 3);
    const ageMs = await oldestMs(coordinator);
    expect(ageMs).toBeGreaterThanOrEqual(59_000);
    expect(ageMs).toBeLessThanOrEqual(60_000 + 15_000);
  }
  expect(await coordinator.verify()).toMatchObject({ ok: true, trimmed: true });
});

test("what is too old goes with the next thing that happens", async () => {
  const coordinator = new TestCoordinator({ historyRetention: { ageMs: 60_000 } });
  await used(coordinator, 100);
  coordinator.clock.advance(3_600_000);
  await used(coordinator, 1);
  expect((await all(coordinator.history())).length).toBeLessThan(100);
  await used(coordinator, 80);
  expect(await oldestMs(coordinator)).toBeLessThanOrEqual(75_000);
});

test("what is not too old goes if there is enough", async () => {
  const coordinator = new TestCoordinator({ historyRetention: { events: 10, ageMs: 60_000 } });
  await used(coordinator, 20);
  expect(await all(coordinator.history())).toHaveLength(10);
});
