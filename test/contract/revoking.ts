/** An operator takes a slot back. */

import { describe, expect, it } from "vitest";
import { AcquireCancelledError, AcquisitionLostError } from "../../src/index.js";
import { abortOf, type Backend, Given, waiting } from "./backend.js";

export function revoking(backend: Backend): void {
  describe.each([
    ["revoke()", {}],
    ["revoke() with force", { force: true }],
  ])("%s", (_, options) => {
    const given = new Given(backend);

    it("aborts the holder's signal", async () => {
      const { semaphore, holder } = await given.busy();
      const aborted = abortOf(holder.signal);
      expect(await semaphore.revoke(holder.id, options)).toBe(true);
      expect(await aborted).toBeInstanceOf(AcquisitionLostError);
      expect(await aborted).toMatchObject({ reason: "revoked", acquisitionId: holder.id });
      expect(holder.signal.reason.message).toContain("an operator revoked it");
    });

    it("frees the slot for the next one", async () => {
      const { semaphore, holder } = await given.busy();
      const second = await waiting(semaphore);
      await semaphore.revoke(holder.id, options);
      expect((await second.acquired).slotNumber).toBe(0);
      expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 1, queued: 0 });
    });

    it("leaves nothing to release", async () => {
      const { semaphore, holder } = await given.busy();
      const aborted = abortOf(holder.signal);
      await semaphore.revoke(holder.id, options);
      await aborted;
      expect(await holder.release()).toBe(false);
    });

    it("works from another coordinator", async () => {
      const { semaphore, holder } = await given.busy();
      const aborted = abortOf(holder.signal);
      const other = await given.elsewhere(semaphore);
      expect(await other.revoke(holder.id, options)).toBe(true);
      expect(await aborted).toMatchObject({ reason: "revoked" });
      expect((await other.acquire()).slotNumber).toBe(0);
    });

    it("takes a waiter out of the queue", async () => {
      const { semaphore, holder } = await given.busy();
      const { acquired } = await waiting(semaphore);
      const [waiter] = await semaphore.waiters();
      expect(await semaphore.revoke(waiter?.id ?? "", options)).toBe(true);
      const error = await acquired.catch((error) => error);
      expect(error).toBeInstanceOf(AcquireCancelledError);
      expect(error).toMatchObject({ code: "ACQUIRE_CANCELLED", reason: "cancelled" });
      expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 1, queued: 0 });
      expect(holder.state).toBe("held");
    });

    it("is false where there is nothing to revoke", async () => {
      const { semaphore, holder } = await given.busy();
      expect(await semaphore.revoke("nobody-1", options)).toBe(false);
      await holder.release();
      expect(await semaphore.revoke(holder.id, options)).toBe(false);
    });

    it("makes use() reject, unless the task fails by itself", async () => {
      const semaphore = await given.semaphore();
      const using = semaphore.use(async ({ id, signal }) => {
        const aborted = abortOf(signal);
        await semaphore.revoke(id, options);
        await aborted;
      });
      await expect(using).rejects.toMatchObject({ name: "AcquisitionLostError" });
    });
  });

  describe("revoke() of what is revoked already", () => {
    const given = new Given(backend);

    it("is false", async () => {
      const { semaphore, holder } = await given.busy();
      await semaphore.revoke(holder.id, { force: true });
      expect(await semaphore.revoke(holder.id)).toBe(false);
      expect(await semaphore.revoke(holder.id, { force: true })).toBe(false);
    });
  });
}
