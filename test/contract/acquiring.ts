/** A slot is given to who comes first, and to nobody else. */

import { describe, expect, it } from "vitest";
import { type Backend, Given, waiting } from "./backend.js";

export function acquiring(backend: Backend): void {
  describe("acquire()", () => {
    const given = new Given(backend);

    it("gives a free slot", async () => {
      const semaphore = await given.semaphore({ value: 2 });
      const slot = await semaphore.acquire();
      expect(slot).toMatchObject({
        semaphoreName: semaphore.name,
        slotNumber: 0,
        state: "held",
        expiresAt: undefined,
      });
      expect(slot.id).toEqual(expect.any(String));
      expect(slot.grantedAt).toBeGreaterThanOrEqual(0);
      expect(slot.remainingMs()).toBe(Infinity);
    });

    it("gives as many slots as there are, the lowest number first", async () => {
      const semaphore = await given.semaphore({ value: 3 });
      const slots = await Promise.all([1, 2, 3].map(() => semaphore.acquire()));
      expect(slots.map(({ slotNumber }) => slotNumber)).toEqual([0, 1, 2]);
    });

    it("gives a number again once it came back, the lowest first", async () => {
      const semaphore = await given.semaphore({ value: 3 });
      const slots = await Promise.all([1, 2, 3].map(() => semaphore.acquire()));
      await slots[2]?.release();
      await slots[0]?.release();
      expect((await semaphore.acquire()).slotNumber).toBe(0);
      expect((await semaphore.acquire()).slotNumber).toBe(2);
    });

    it("waits while all are held, and gets the slot that comes free", async () => {
      const { semaphore, holder } = await given.busy();
      const second = await waiting(semaphore);
      await holder.release();
      expect((await second.acquired).slotNumber).toBe(0);
    });

    it("serves those who wait in the order in which they came", async () => {
      const { semaphore, holder } = await given.busy();
      const served: number[] = [];
      const turns = [1, 2, 3, 4, 5].map((place) =>
        semaphore.use(() => {
          served.push(place);
        }),
      );
      await holder.release();
      await Promise.all(turns);
      expect(served).toEqual([1, 2, 3, 4, 5]);
    });

    it("lets nobody past who waits already", async () => {
      const { semaphore, holder } = await given.busy();
      const first = await waiting(semaphore);
      const released = holder.release();
      const second = semaphore.acquire();
      await released;
      const slot = await first.acquired;
      await slot.release();
      expect((await second).fencingToken).toBeGreaterThan(slot.fencingToken);
    });

    it("gives ids that differ", async () => {
      const semaphore = await given.semaphore({ value: 5 });
      const slots = await Promise.all([1, 2, 3, 4, 5].map(() => semaphore.acquire()));
      expect(new Set(slots.map(({ id }) => id)).size).toBe(5);
    });

    it("gives fencing tokens that rise with every grant, over all semaphores", async () => {
      const [one, other] = [await given.semaphore(), await given.semaphore()];
      const tokens: number[] = [];
      for (const semaphore of [one, other, one, one, other]) {
        await semaphore.use(({ fencingToken }) => tokens.push(fencingToken));
      }
      expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
      expect(new Set(tokens).size).toBe(5);
      expect(tokens.every(Number.isSafeInteger)).toBe(true);
    });
  });

  describe("semaphores of the same name", () => {
    const given = new Given(backend);

    it("share their slots", async () => {
      const one = await given.semaphore();
      const other = one.coordinator.semaphore({ name: one.name, value: 1 });
      const slot = await one.acquire();
      expect(await other.locked()).toBe(true);
      await one.release(slot.id);
      expect(await other.locked()).toBe(false);
    });

    it("share their slots across coordinators", async () => {
      const one = await given.semaphore();
      const other = await given.elsewhere(one);
      const slot = await one.acquire();
      expect(await other.tryAcquire()).toBeNull();
      const second = await waiting(other);
      await slot.release();
      expect((await second.acquired).slotNumber).toBe(0);
    });

    it("have nothing to do with those of other names", async () => {
      await given.busy();
      expect(await (await given.semaphore()).locked()).toBe(false);
    });
  });

  describe("tryAcquire()", () => {
    const given = new Given(backend);

    it("gives a free slot", async () => {
      const semaphore = await given.semaphore();
      expect(await semaphore.tryAcquire()).toMatchObject({ slotNumber: 0, state: "held" });
    });

    it("gives null when all are held, and leaves nobody in the queue", async () => {
      const { semaphore } = await given.busy();
      expect(await semaphore.tryAcquire()).toBeNull();
      expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 1, queued: 0 });
    });

    it("does not wait, whatever maxAcquireTimeMs says", async () => {
      const { semaphore } = await given.busy({ maxAcquireTimeMs: 3_600_000 });
      expect(await semaphore.tryAcquire({ maxAcquireTimeMs: 7_200_000 })).toBeNull();
    });

    it("takes the slot that came back", async () => {
      const { semaphore, holder } = await given.busy();
      await holder.release();
      expect(await semaphore.tryAcquire()).not.toBeNull();
    });
  });

  describe("locked()", () => {
    const given = new Given(backend);

    it("is false for a semaphore that nobody has used", async () => {
      expect(await (await given.semaphore()).locked()).toBe(false);
    });

    it("is true when all slots are held, and only then", async () => {
      const semaphore = await given.semaphore({ value: 2 });
      const first = await semaphore.acquire();
      expect(await semaphore.locked()).toBe(false);
      await semaphore.acquire();
      expect(await semaphore.locked()).toBe(true);
      await first.release();
      expect(await semaphore.locked()).toBe(false);
    });
  });
}
