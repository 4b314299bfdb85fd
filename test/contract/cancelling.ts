/** An AbortSignal stops the waiting, and nothing else. */

import { describe, expect, it } from "vitest";
import { type Backend, Given, queued, waiting } from "./backend.js";

export function cancelling(backend: Backend): void {
  describe("the signal of an acquire", () => {
    const given = new Given(backend);

    it("rejects the waiting acquire with its reason", async () => {
      const { semaphore } = await given.busy();
      const controller = new AbortController();
      const { acquired } = await waiting(semaphore, { signal: controller.signal });
      const reason = new Error("the user went away");
      controller.abort(reason);
      await expect(acquired).rejects.toBe(reason);
    });

    it("rejects with an AbortError where no reason was given", async () => {
      const { semaphore } = await given.busy();
      const controller = new AbortController();
      const { acquired } = await waiting(semaphore, { signal: controller.signal });
      controller.abort();
      await expect(acquired).rejects.toHaveProperty("name", "AbortError");
    });

    it("leaves no trace of the one that gave up", async () => {
      const { semaphore, holder } = await given.busy();
      const controller = new AbortController();
      const { acquired } = await waiting(semaphore, { signal: controller.signal });
      controller.abort();
      await acquired.catch(() => {});
      await queued(semaphore, 0);
      await holder.release();
      expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 0, queued: 0 });
      expect(await semaphore.locked()).toBe(false);
    });

    it("lets the next one have its turn", async () => {
      const { semaphore, holder } = await given.busy();
      const controller = new AbortController();
      const second = await waiting(semaphore, { signal: controller.signal });
      const third = await waiting(semaphore);
      controller.abort();
      await second.acquired.catch(() => {});
      await holder.release();
      expect((await third.acquired).slotNumber).toBe(0);
    });

    it("asks for nothing when it has aborted already", async () => {
      const semaphore = await given.semaphore();
      const reason = new Error("too late");
      const signal = AbortSignal.abort(reason);
      await expect(semaphore.acquire({ signal })).rejects.toBe(reason);
      await expect(semaphore.tryAcquire({ signal })).rejects.toBe(reason);
      await expect(semaphore.use(() => "never", { signal })).rejects.toBe(reason);
      expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 0, queued: 0 });
    });

    it("does nothing after the grant", async () => {
      const semaphore = await given.semaphore();
      const controller = new AbortController();
      const slot = await semaphore.acquire({ signal: controller.signal });
      controller.abort();
      expect(slot.state).toBe("held");
      expect(slot.signal.aborted).toBe(false);
      expect(await slot.release()).toBe(true);
    });

    it("does nothing after a grant that was waited for", async () => {
      const { semaphore, holder } = await given.busy();
      const controller = new AbortController();
      const second = await waiting(semaphore, { signal: controller.signal });
      await holder.release();
      const slot = await second.acquired;
      controller.abort();
      expect(await slot.release()).toBe(true);
    });

    it("may abort at the moment of the grant: no slot is lost", async () => {
      const { semaphore, holder } = await given.busy();
      const controller = new AbortController();
      const second = await waiting(semaphore, { signal: controller.signal });
      const released = holder.release();
      controller.abort();
      await released;
      await second.acquired.then(
        (slot) => slot.release(),
        () => {},
      );
      expect((await semaphore.acquire()).slotNumber).toBe(0);
    });

    it("that is none is refused, and takes no place in the queue", async () => {
      const { semaphore } = await given.busy();
      const signal = Object(new AbortController());
      await expect(semaphore.acquire({ signal })).rejects.toThrow();
      expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 1, queued: 0 });
    });

    it("may be shared by a hundred, who all leave at once", async () => {
      const { semaphore, holder } = await given.busy();
      const controller = new AbortController();
      const { signal } = controller;
      const crowd = Array.from({ length: 100 }, () => semaphore.acquire({ signal }));
      const outcomes = Promise.allSettled(crowd);
      await queued(semaphore, 100);
      controller.abort("all of you");
      expect(await outcomes).toEqual(
        crowd.map(() => ({ status: "rejected", reason: "all of you" })),
      );
      await queued(semaphore, 0);
      await holder.release();
      expect((await semaphore.acquire()).slotNumber).toBe(0);
    });
  });
}
