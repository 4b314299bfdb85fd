/** close(): no new work, all that is held comes back. */

import { describe, expect, it } from "vitest";
import { AcquisitionLostError, ClosedError } from "../../src/index.js";
import { abortOf, type Backend, Given, SHORT_MS, waiting } from "./backend.js";

export function closing(backend: Backend): void {
  describe("close()", () => {
    const given = new Given(backend);

    it("refuses new work", async () => {
      const semaphore = await given.semaphore();
      await semaphore.coordinator.close();
      const refused = [
        semaphore.acquire(),
        semaphore.tryAcquire(),
        semaphore.use(() => "never"),
        semaphore.resize(2),
        semaphore.revoke("somebody-1"),
        semaphore.release("somebody-1"),
      ];
      for (const { status, ...outcome } of await Promise.allSettled(refused)) {
        expect(status).toBe("rejected");
        expect(outcome).toHaveProperty("reason.code", "CLOSED");
        expect(outcome).toHaveProperty("reason", expect.any(ClosedError));
      }
    });

    it("gives back all that is held", async () => {
      const { semaphore } = await given.busy({ value: 2 });
      const other = await given.elsewhere(semaphore);
      await semaphore.acquire();
      await semaphore.coordinator.close();
      expect(await other.stats()).toMatchObject({ acquiredSlots: 0 });
      expect((await other.acquire()).slotNumber).toBe(0);
    });

    it("tells the holders", async () => {
      const { semaphore, holder } = await given.busy();
      const aborted = abortOf(holder.signal);
      await semaphore.coordinator.close();
      expect(await aborted).toBeInstanceOf(AcquisitionLostError);
      expect(await aborted).toMatchObject({ reason: "closed" });
      expect(await holder.release()).toBe(false);
    });

    it("makes use() reject with the loss", async () => {
      const semaphore = await given.semaphore();
      const using = semaphore.use(() => semaphore.coordinator.close());
      await expect(using).rejects.toMatchObject({ name: "AcquisitionLostError", reason: "closed" });
    });

    it("rejects those who wait", async () => {
      const { semaphore } = await given.busy();
      const { acquired } = await waiting(semaphore);
      await semaphore.coordinator.close();
      await expect(acquired).rejects.toBeInstanceOf(ClosedError);
    });

    it("gives the slot to who waits elsewhere", async () => {
      const { semaphore } = await given.busy();
      const other = await given.elsewhere(semaphore);
      await waiting(semaphore);
      const theirs = await waiting(other);
      await semaphore.coordinator.close();
      expect((await theirs.acquired).slotNumber).toBe(0);
    });

    it("may be called twice", async () => {
      const { semaphore } = await given.busy();
      await semaphore.coordinator.close();
      await semaphore.coordinator.close();
      expect(
        await semaphore.coordinator
          .semaphore({ name: "x", value: 1 })
          .acquire()
          .catch((e) => e),
      ).toBeInstanceOf(ClosedError);
    });

    it("may be called before anything was done", async () => {
      const coordinator = await given.coordinator();
      await coordinator.close();
      await coordinator.close({ drainMs: 1_000 });
    });

    it("happens at the end of the block with `await using`", async () => {
      const semaphore = await given.semaphore();
      {
        await using coordinator = await given.coordinator();
        await coordinator.semaphore({ name: semaphore.name, value: 1 }).acquire();
        expect(await semaphore.locked()).toBe(true);
      }
      expect(await semaphore.locked()).toBe(false);
    });
  });

  describe("close({ drainMs })", () => {
    const given = new Given(backend);

    it("lets those who hold and those who wait finish", async () => {
      const { semaphore, holder } = await given.busy();
      const second = await waiting(semaphore);
      const closed = semaphore.coordinator.close({ drainMs: 60_000 });
      expect(await holder.release()).toBe(true);
      const slot = await second.acquired;
      expect(await slot.release()).toBe(true);
      await closed;
      expect([holder, slot].map(({ state }) => state)).toEqual(["released", "released"]);
      expect([holder, slot].map(({ signal }) => signal.aborted)).toEqual([false, false]);
    });

    it("refuses new work meanwhile", async () => {
      const { semaphore, holder } = await given.busy({ value: 2 });
      const closed = semaphore.coordinator.close({ drainMs: 60_000 });
      await expect(semaphore.acquire()).rejects.toBeInstanceOf(ClosedError);
      await expect(semaphore.tryAcquire()).rejects.toBeInstanceOf(ClosedError);
      await holder.release();
      await closed;
    });

    it("takes back what is still held when the time is over", async () => {
      const { semaphore, holder } = await given.busy();
      const { acquired } = await waiting(semaphore);
      const other = await given.elsewhere(semaphore);
      const aborted = abortOf(holder.signal);
      const closed = semaphore.coordinator.close({ drainMs: SHORT_MS });
      given.passes(SHORT_MS);
      await closed;
      expect(await aborted).toMatchObject({ reason: "closed" });
      await expect(acquired).rejects.toBeInstanceOf(ClosedError);
      expect(await other.locked()).toBe(false);
    });

    it("does not wait when nothing is held", async () => {
      const { semaphore, holder } = await given.busy();
      await holder.release();
      await semaphore.coordinator.close({ drainMs: 3_600_000 });
    });

    it("lets a wait time out as it would have", async () => {
      const { semaphore, holder } = await given.busy();
      const second = semaphore.acquire({ maxAcquireTimeMs: SHORT_MS });
      const closed = semaphore.coordinator.close({ drainMs: 60_000 });
      given.passes(SHORT_MS);
      await expect(second).rejects.toHaveProperty("name", "AcquireTimeoutError");
      await holder.release();
      await closed;
    });

    it("ends at once when it is called again without drainMs", async () => {
      const { semaphore, holder } = await given.busy();
      const { coordinator } = semaphore;
      const aborted = abortOf(holder.signal);
      const draining = coordinator.close({ drainMs: 3_600_000 });
      await coordinator.close();
      await Promise.all([draining, aborted]);
      expect(holder.lost?.reason).toBe("closed");
    });

    it("is done only when it is done, for the second who calls it as well", async () => {
      const { semaphore, holder } = await given.busy();
      const { coordinator } = semaphore;
      const done: string[] = [];
      const first = coordinator.close({ drainMs: 60_000 }).then(() => done.push("first"));
      const second = coordinator.close({ drainMs: 60_000 }).then(() => done.push("second"));
      await semaphore.stats();
      expect(done).toEqual([]);
      await holder.release();
      await Promise.all([first, second]);
      expect(done.sort()).toEqual(["first", "second"]);
    });
  });
}
