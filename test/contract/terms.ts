/** What an acquire may be asked with: the length of the queue, the value, metadata. */

import { describe, expect, it } from "vitest";
import { QueueFullError, ValueMismatchError } from "../../src/index.js";
import { type Backend, Given, waiting } from "./backend.js";

export function terms(backend: Backend): void {
  describe("maxQueueSize", () => {
    const given = new Given(backend);

    it("0 lets nobody wait", async () => {
      const { semaphore } = await given.busy({ maxQueueSize: 0 });
      const error = await semaphore.acquire().catch((error) => error);
      expect(error).toBeInstanceOf(QueueFullError);
      expect(error).toMatchObject({
        code: "QUEUE_FULL",
        semaphoreName: semaphore.name,
        queued: 0,
      });
      expect(error.message).toContain("with 0 waiting");
      expect(error.message).toContain("raise maxQueueSize");
    });

    it("0 refuses nobody while a slot is free", async () => {
      const semaphore = await given.semaphore({ maxQueueSize: 0, value: 2 });
      await semaphore.acquire();
      expect((await semaphore.acquire()).slotNumber).toBe(1);
    });

    it("n lets n wait", async () => {
      const { semaphore, holder } = await given.busy({ maxQueueSize: 2 });
      const second = await waiting(semaphore);
      await waiting(semaphore);
      await expect(semaphore.acquire()).rejects.toMatchObject({ queued: 2 });
      await holder.release();
      await second.acquired;
      await waiting(semaphore);
      expect(await semaphore.stats()).toMatchObject({ queued: 2 });
    });

    it("counts for the acquire that names it, not for others", async () => {
      const { semaphore } = await given.busy();
      await waiting(semaphore);
      await waiting(semaphore);
      await expect(semaphore.acquire({ maxQueueSize: 1 })).rejects.toBeInstanceOf(QueueFullError);
      await waiting(semaphore);
      expect(await semaphore.stats()).toMatchObject({ queued: 3 });
    });
  });

  describe("another value", () => {
    const given = new Given(backend);

    it("takes effect when nobody uses the semaphore", async () => {
      const { semaphore, holder } = await given.busy();
      await holder.release();
      const larger = await given.elsewhere(semaphore, { value: 2 });
      await larger.acquire();
      await larger.acquire();
      expect(await larger.stats()).toMatchObject({ acquiredSlots: 2, maxSlots: 2 });
    });

    it("is refused while somebody holds a slot", async () => {
      const { semaphore } = await given.busy();
      const larger = await given.elsewhere(semaphore, { value: 2 });
      const error = await larger.acquire().catch((error) => error);
      expect(error).toBeInstanceOf(ValueMismatchError);
      expect(error).toMatchObject({
        code: "VALUE_MISMATCH",
        semaphoreName: semaphore.name,
        current: 1,
        requested: 2,
      });
      expect(error.message).toContain("in use with value 1, but this acquire says 2");
      expect(error.message).toContain("resize()");
      expect(await semaphore.stats()).toMatchObject({ maxSlots: 1 });
    });

    it("is refused by tryAcquire() as well", async () => {
      const { semaphore } = await given.busy();
      const larger = await given.elsewhere(semaphore, { value: 2 });
      await expect(larger.tryAcquire()).rejects.toBeInstanceOf(ValueMismatchError);
    });

    it('is adopted with onValueMismatch: "adopt", and wakes those for whom there is a slot now', async () => {
      const { semaphore } = await given.busy();
      const second = await waiting(semaphore);
      const larger = await given.elsewhere(semaphore, { value: 3, onValueMismatch: "adopt" });
      const third = await larger.acquire();
      expect((await second.acquired).slotNumber).toBe(1);
      expect(third.slotNumber).toBe(2);
    });

    it("that was adopted is the one that others must bring", async () => {
      const { semaphore } = await given.busy();
      const larger = await given.elsewhere(semaphore, { value: 2, onValueMismatch: "adopt" });
      await larger.acquire();
      await expect(semaphore.acquire()).rejects.toMatchObject({ current: 2, requested: 1 });
    });

    it("may be adopted by one acquire alone", async () => {
      const { semaphore } = await given.busy();
      const larger = await given.elsewhere(semaphore, { value: 2 });
      const slot = await larger.acquire({ onValueMismatch: "adopt" });
      expect(slot.slotNumber).toBe(1);
    });
  });

  describe("metadata", () => {
    const given = new Given(backend);

    it("is that of the semaphore, unless an acquire brings its own", async () => {
      const semaphore = await given.semaphore({ value: 2, metadata: { host: "a" } });
      await semaphore.acquire();
      await semaphore.acquire({ metadata: { job: "7" } });
      const shown = (await semaphore.holders()).map(({ metadata }) => metadata);
      expect(shown).toEqual([{ host: "a" }, { job: "7" }]);
    });

    it("is taken as it was, whatever becomes of the object", async () => {
      const metadata = { job: "7" };
      const semaphore = await given.semaphore({ metadata });
      metadata.job = "8";
      await semaphore.acquire();
      expect(await semaphore.holders()).toMatchObject([{ metadata: { job: "7" } }]);
    });

    it("may have 1,024 bytes as JSON", async () => {
      const semaphore = await given.semaphore();
      const metadata = { text: "x".repeat(1024 - '{"text":""}'.length) };
      await semaphore.acquire({ metadata });
      expect(await semaphore.holders()).toMatchObject([{ metadata }]);
    });
  });
}
