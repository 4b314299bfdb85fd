/** Time ends a wait (maxAcquireTimeMs) and a hold (ttlMs). */

import { describe, expect, it } from "vitest";
import { AcquireTimeoutError, AcquisitionLostError } from "../../src/index.js";
import { abortOf, type Backend, Given, SHORT_MS, waiting } from "./backend.js";

export function timing(backend: Backend): void {
  describe("maxAcquireTimeMs", () => {
    const given = new Given(backend);

    it("ends a double acquire with all that is known", async () => {
      const { semaphore } = await given.busy({ maxAcquireTimeMs: SHORT_MS });
      const second = semaphore.acquire();
      given.passes(SHORT_MS);
      const error = await second.catch((error) => error);
      expect(error).toBeInstanceOf(AcquireTimeoutError);
      expect(error).toMatchObject({
        code: "ACQUIRE_TIMEOUT",
        name: "AcquireTimeoutError",
        semaphoreName: semaphore.name,
        value: 1,
        held: 1,
        positionAtMost: 1,
      });
      expect(error.waitedMs).toBeGreaterThanOrEqual(SHORT_MS);
    });

    it("says in its message what, why and the remedy", async () => {
      const { semaphore } = await given.busy({ maxAcquireTimeMs: SHORT_MS });
      const second = semaphore.acquire();
      given.passes(SHORT_MS);
      const { message } = await second.catch((error) => error);
      expect(message).toContain(`no slot of "${semaphore.name}" came free within`);
      expect(message).toContain("1 of 1 were held");
      expect(message).toContain("Raise maxAcquireTimeMs");
    });

    it("tells the place in the queue at most", async () => {
      const { semaphore } = await given.busy();
      await waiting(semaphore);
      const third = semaphore.acquire({ maxAcquireTimeMs: SHORT_MS });
      given.passes(SHORT_MS);
      await expect(third).rejects.toMatchObject({ positionAtMost: 2 });
    });

    it.each([2, 0])("tells the size that an operator gave: %d", async (size) => {
      const semaphore = await given.semaphore();
      await semaphore.resize(size);
      for (let i = 0; i < size; i++) await semaphore.acquire();
      const next = semaphore.acquire({ maxAcquireTimeMs: SHORT_MS });
      given.passes(SHORT_MS);
      await expect(next).rejects.toMatchObject({ value: size, held: size });
    });

    it("leaves no trace of the one that gave up", async () => {
      const { semaphore, holder } = await given.busy();
      const second = semaphore.acquire({ maxAcquireTimeMs: SHORT_MS });
      given.passes(SHORT_MS);
      await second.catch(() => {});
      expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 1, queued: 0 });
      await holder.release();
      expect(await semaphore.locked()).toBe(false);
    });

    it("does not hurry those who have more time", async () => {
      const { semaphore, holder } = await given.busy();
      const patient = await waiting(semaphore);
      const hasty = semaphore.acquire({ maxAcquireTimeMs: SHORT_MS });
      given.passes(SHORT_MS);
      await expect(hasty).rejects.toBeInstanceOf(AcquireTimeoutError);
      await holder.release();
      expect((await patient.acquired).state).toBe("held");
    });
  });

  describe("ttlMs", () => {
    const given = new Given(backend);

    it("frees the slot and aborts the holder's signal", async () => {
      const { semaphore, holder } = await given.busy({ ttlMs: SHORT_MS });
      const aborted = abortOf(holder.signal);
      given.passes(SHORT_MS);
      expect(await aborted).toBeInstanceOf(AcquisitionLostError);
      expect(await aborted).toMatchObject({
        code: "ACQUISITION_LOST",
        reason: "ttl",
        semaphoreName: semaphore.name,
        acquisitionId: holder.id,
      });
      expect((await semaphore.acquire()).slotNumber).toBe(0);
    });

    it("gives the slot to the next one in the queue", async () => {
      const { semaphore, holder } = await given.busy({ ttlMs: SHORT_MS });
      const second = semaphore.acquire();
      given.passes(SHORT_MS);
      const slot = await second;
      expect(slot.slotNumber).toBe(holder.slotNumber);
      expect(slot.fencingToken).toBeGreaterThan(holder.fencingToken);
    });

    it("leaves nothing to release", async () => {
      const { semaphore, holder } = await given.busy({ ttlMs: SHORT_MS });
      const aborted = abortOf(holder.signal);
      given.passes(SHORT_MS);
      await aborted;
      const successor = await semaphore.acquire({ ttlMs: 3_600_000 });
      expect(await holder.release()).toBe(false);
      expect(await semaphore.release(holder.id)).toBe(false);
      expect(successor.signal.aborted).toBe(false);
      expect(await semaphore.locked()).toBe(true);
    });

    it("is shown by expiresAt and remainingMs()", async () => {
      const { holder } = await given.busy({ ttlMs: 3_600_000 });
      expect(holder.expiresAt).toBe(holder.grantedAt + 3_600_000);
      expect(holder.remainingMs()).toBeLessThanOrEqual(3_600_000);
      expect(holder.remainingMs()).toBeGreaterThan(3_500_000);
    });

    it("leaves no time to one that has ended", async () => {
      const { holder } = await given.busy({ ttlMs: 3_600_000 });
      await holder.release();
      expect(holder.remainingMs()).toBe(0);
    });

    it("gives a signal that has aborted already to who asks after the loss", async () => {
      const { semaphore, holder } = await given.busy({ ttlMs: SHORT_MS });
      const second = semaphore.acquire();
      given.passes(SHORT_MS);
      await second;
      expect(holder.signal.aborted).toBe(true);
      expect(holder.signal.reason).toBeInstanceOf(AcquisitionLostError);
      expect(holder.state).toBe("expired");
      expect(holder.remainingMs()).toBe(0);
    });
  });
}
