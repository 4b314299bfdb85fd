/** use() rejects with a loss that was known when the task ended, and with none that came later. */

import { expect, test } from "vitest";
import { SleepyClock } from "../support/memory-clocks.js";
import { Fleet } from "../support/memory-fleet.js";
import { World } from "./threads-world.js";

test("its TTL was over before the task ended, and no timer could ring: the loss", async () => {
  const fleet = Fleet.on(new SleepyClock());
  const semaphore = fleet.coordinator().semaphore({ name: "api", value: 1, ttlMs: 100 });
  const using = semaphore.use(() => fleet.clock.sleep(100));
  await expect(using).rejects.toMatchObject({ name: "AcquisitionLostError", reason: "ttl" });
});

test("in a worker, it was revoked and heard of that before the task ended: the loss", async () => {
  const world = new World();
  const worker = world.worker("w");
  const using = worker.semaphore().use(async ({ id }) => {
    await world.main.revoke(id);
    await worker.settled();
  });
  await expect(using).rejects.toMatchObject({ name: "AcquisitionLostError", reason: "revoked" });
  await worker.end();
});

test.each([
  ["revoked", { force: false }],
  ["revoked with force", { force: true }],
])(
  "in a worker, it was %s, and did not hear of that before the task ended: its result",
  async (_how, options) => {
    const world = new World();
    const worker = world.worker("w");
    const slot = await worker.semaphore().use(async (slot) => {
      void world.main.revoke(slot.id, options);
      return slot;
    });
    expect(slot.lost).toBeUndefined();
    expect(slot.signal.aborted).toBe(false);
    expect(await world.story("revoked", "expired")).toHaveLength(1);
    await worker.end();
  },
);

test("in a worker, its TTL ended while the task gave it back: its result", async () => {
  const world = new World();
  const worker = world.worker("w");
  const slot = await worker.semaphore().use(
    (slot) => {
      world.clock.advance(100);
      return slot;
    },
    { ttlMs: 100 },
  );
  expect(slot.lost).toBeUndefined();
  expect(await world.story("expired")).toEqual(["expired w-1"]);
  await worker.end();
});
