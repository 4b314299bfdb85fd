/** An operator changes how many slots there are. */

import { describe, expect, it } from "vitest";
import { type Backend, Given, waiting } from "./backend.js";

export function resizing(backend: Backend): void {
  describe("resize()", () => {
    const given = new Given(backend);

    it("that grows wakes those who wait, in their order", async () => {
      const { semaphore } = await given.busy();
      const second = await waiting(semaphore);
      const third = await waiting(semaphore);
      await waiting(semaphore);
      expect(await semaphore.resize(3)).toBe(true);
      expect((await second.acquired).slotNumber).toBe(1);
      expect((await third.acquired).slotNumber).toBe(2);
      expect(await semaphore.stats()).toEqual({
        acquiredSlots: 3,
        maxSlots: 3,
        acquiredPercent: 100,
        queued: 1,
      });
    });

    it("that shrinks evicts nobody", async () => {
      const semaphore = await given.semaphore({ value: 2 });
      const slots = [await semaphore.acquire(), await semaphore.acquire()];
      expect(await semaphore.resize(1)).toBe(true);
      expect(slots.map(({ state, signal }) => [state, signal.aborted])).toEqual([
        ["held", false],
        ["held", false],
      ]);
      expect(await semaphore.stats()).toMatchObject({
        acquiredSlots: 2,
        maxSlots: 1,
        acquiredPercent: 200,
      });
    });

    it("that shrinks grants nothing until fewer are held than there are slots", async () => {
      const semaphore = await given.semaphore({ value: 2 });
      const [first, second] = [await semaphore.acquire(), await semaphore.acquire()];
      const third = await waiting(semaphore);
      await semaphore.resize(1);
      await first.release();
      expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 1, queued: 1 });
      await second.release();
      expect((await third.acquired).slotNumber).toBe(0);
    });

    it("to 0 pauses, and back again goes on", async () => {
      const semaphore = await given.semaphore();
      expect(await semaphore.resize(0)).toBe(true);
      expect(await semaphore.locked()).toBe(true);
      expect(await semaphore.tryAcquire()).toBeNull();
      const first = await waiting(semaphore);
      expect(await semaphore.resize(1)).toBe(true);
      expect((await first.acquired).slotNumber).toBe(0);
    });

    it("to the size that it has is false", async () => {
      const { semaphore } = await given.busy({ value: 2 });
      expect(await semaphore.resize(2)).toBe(false);
      expect(await semaphore.resize(3)).toBe(true);
      expect(await semaphore.resize(3)).toBe(false);
    });

    it("of a semaphore that nobody has used is remembered", async () => {
      const semaphore = await given.semaphore();
      expect(await semaphore.resize(1)).toBe(false);
      expect(await semaphore.resize(2)).toBe(true);
      await semaphore.acquire();
      expect((await semaphore.acquire()).slotNumber).toBe(1);
    });

    it("is no mismatch: acquires go on bringing the declared value", async () => {
      const { semaphore } = await given.busy();
      await semaphore.resize(2);
      expect((await semaphore.acquire()).slotNumber).toBe(1);
      expect(semaphore.value).toBe(1);
    });

    it("counts for everybody", async () => {
      const semaphore = await given.semaphore();
      const other = await given.elsewhere(semaphore);
      await other.resize(0);
      expect(await semaphore.locked()).toBe(true);
    });

    it("gives no number twice while the debt is paid", async () => {
      const semaphore = await given.semaphore({ value: 3 });
      const slots = await Promise.all([1, 2, 3].map(() => semaphore.acquire()));
      await semaphore.resize(1);
      await slots[0]?.release();
      await slots[1]?.release();
      await semaphore.resize(2);
      expect((await semaphore.acquire()).slotNumber).toBe(0);
      const numbers = (await semaphore.holders()).map(({ slotNumber }) => slotNumber);
      expect(numbers.sort()).toEqual([0, 2]);
    });
  });
}
