/** A slot comes back once, whoever gives it back. */

import { describe, expect, it } from "vitest";
import { type Backend, Given, waiting } from "./backend.js";

export function releasing(backend: Backend): void {
  describe("release()", () => {
    const given = new Given(backend);

    it("gives the slot back", async () => {
      const { semaphore, holder } = await given.busy();
      expect(await holder.release()).toBe(true);
      expect(holder.state).toBe("released");
      expect(holder.signal.aborted).toBe(false);
      expect(await semaphore.locked()).toBe(false);
    });

    it("is a no-op the second time", async () => {
      const { semaphore, holder } = await given.busy();
      expect(await holder.release()).toBe(true);
      expect(await holder.release()).toBe(false);
      expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 0 });
    });

    it("gives back once when called twice at once", async () => {
      const { holder } = await given.busy();
      expect(await Promise.all([holder.release(), holder.release()])).toEqual([true, false]);
    });

    it("leaves the successor's slot alone when it comes late", async () => {
      const { semaphore, holder } = await given.busy();
      await holder.release();
      const successor = await semaphore.acquire();
      expect(await holder.release()).toBe(false);
      expect(await semaphore.release(holder.id)).toBe(false);
      expect(successor.state).toBe("held");
      expect(await semaphore.locked()).toBe(true);
    });

    it("wakes one waiter for one slot", async () => {
      const { semaphore, holder } = await given.busy();
      const second = await waiting(semaphore);
      await waiting(semaphore);
      await holder.release();
      await second.acquired;
      expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 1, queued: 1 });
    });
  });

  describe("release(id)", () => {
    const given = new Given(backend);

    it("gives the slot back by the id of its acquisition", async () => {
      const { semaphore, holder } = await given.busy();
      expect(await semaphore.release(holder.id)).toBe(true);
      expect(await semaphore.release(holder.id)).toBe(false);
      expect(holder.state).toBe("released");
      expect(await holder.release()).toBe(false);
    });

    it("works from another coordinator", async () => {
      const { semaphore, holder } = await given.busy();
      const other = await given.elsewhere(semaphore);
      expect(await other.release(holder.id)).toBe(true);
      expect(await other.release(holder.id)).toBe(false);
      expect(await semaphore.locked()).toBe(false);
      expect(await holder.release()).toBe(false);
    });

    it("is no loss to the holder: the slot was handed over", async () => {
      const { semaphore, holder } = await given.busy();
      const { signal } = holder;
      await (await given.elsewhere(semaphore)).release(holder.id);
      const successor = await semaphore.acquire();
      expect(signal.aborted).toBe(false);
      expect(successor.slotNumber).toBe(0);
    });

    it("works through a semaphore of another name, since an id is enough", async () => {
      const { holder } = await given.busy();
      expect(await (await given.semaphore()).release(holder.id)).toBe(true);
    });

    it("is false for an id that nobody knows", async () => {
      const { semaphore } = await given.busy();
      expect(await semaphore.release("nobody-1")).toBe(false);
      expect(await semaphore.locked()).toBe(true);
    });

    it("is false for one that only waits, and leaves it in the queue", async () => {
      const { semaphore } = await given.busy();
      await waiting(semaphore);
      const [waiter] = await semaphore.waiters();
      const other = await given.elsewhere(semaphore);
      expect(await semaphore.release(waiter?.id ?? "")).toBe(false);
      expect(await other.release(waiter?.id ?? "")).toBe(false);
      expect(await semaphore.stats()).toMatchObject({ queued: 1 });
    });
  });
}
