/** use() and `await using`: the slot comes back in any case. */

import { describe, expect, it } from "vitest";
import { AcquisitionLostError } from "../../src/index.js";
import { abortOf, type Backend, Given, SHORT_MS } from "./backend.js";

export function using(backend: Backend): void {
  describe("use()", () => {
    const given = new Given(backend);

    it("resolves with the task's result", async () => {
      const semaphore = await given.semaphore();
      expect(await semaphore.use(async () => "done")).toBe("done");
    });

    it("takes a task that is not async", async () => {
      const semaphore = await given.semaphore();
      expect(await semaphore.use(({ slotNumber }) => slotNumber)).toBe(0);
    });

    it("holds the slot while the task runs, and gives it back after", async () => {
      const semaphore = await given.semaphore();
      expect(await semaphore.use(() => semaphore.locked())).toBe(true);
      expect(await semaphore.locked()).toBe(false);
    });

    it.each([
      ["a task that rejects", async () => Promise.reject(new Error("boom"))],
      [
        "a task that throws",
        () => {
          throw new Error("boom");
        },
      ],
    ])("passes the error of %s, and the slot comes back", async (_, task) => {
      const semaphore = await given.semaphore();
      await expect(semaphore.use(task)).rejects.toThrow("boom");
      expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 0 });
    });

    it("takes the options of an acquire", async () => {
      const semaphore = await given.semaphore();
      const metadata = { job: "7" };
      const holders = await semaphore.use(() => semaphore.holders(), { ttlMs: 5_000, metadata });
      expect(holders).toMatchObject([{ metadata, expiresAt: expect.any(Number) }]);
    });

    it("rejects like acquire() without running the task", async () => {
      const { semaphore } = await given.busy();
      const ran: string[] = [];
      const second = semaphore.use(() => ran.push("ran"), { maxAcquireTimeMs: SHORT_MS });
      given.passes(SHORT_MS);
      await expect(second).rejects.toHaveProperty("name", "AcquireTimeoutError");
      expect(ran).toEqual([]);
    });

    it("rejects with the loss when the slot was lost and the task did not fail", async () => {
      const semaphore = await given.semaphore({ ttlMs: SHORT_MS });
      const using = semaphore.use(async ({ signal }) => {
        const aborted = abortOf(signal);
        given.passes(SHORT_MS);
        await aborted;
        return "not protected";
      });
      await expect(using).rejects.toBeInstanceOf(AcquisitionLostError);
      await expect(using).rejects.toHaveProperty("reason", "ttl");
    });

    it("rejects with the task's own error also when the slot was lost", async () => {
      const semaphore = await given.semaphore({ ttlMs: SHORT_MS });
      const using = semaphore.use(async ({ signal }) => {
        const aborted = abortOf(signal);
        given.passes(SHORT_MS);
        await aborted;
        throw new Error("my own");
      });
      await expect(using).rejects.toThrow("my own");
    });

    it("rejects with the loss when it was what made the task fail", async () => {
      const semaphore = await given.semaphore({ ttlMs: SHORT_MS });
      const using = semaphore.use(async ({ signal }) => {
        const aborted = abortOf(signal);
        given.passes(SHORT_MS);
        await aborted;
        throw new Error("aborted", { cause: signal.reason });
      });
      await expect(using).rejects.toBeInstanceOf(AcquisitionLostError);
    });

    it("passes on an error that is its own cause", async () => {
      const semaphore = await given.semaphore({ ttlMs: SHORT_MS });
      const cyclic = new Error("cyclic");
      cyclic.cause = cyclic;
      const using = semaphore.use(async ({ signal }) => {
        const aborted = abortOf(signal);
        given.passes(SHORT_MS);
        await aborted;
        throw cyclic;
      });
      await expect(using).rejects.toBe(cyclic);
    });

    it("lets the task release by itself", async () => {
      const semaphore = await given.semaphore();
      const result = await semaphore.use(async (slot) => {
        expect(await slot.release()).toBe(true);
        return semaphore.locked();
      });
      expect(result).toBe(false);
    });

    it("leaves alone the slot that its task gave back and another one took", async () => {
      const semaphore = await given.semaphore();
      const successor = await semaphore.use(async (slot) => {
        await slot.release();
        return semaphore.acquire();
      });
      expect(successor.state).toBe("held");
      expect(await semaphore.locked()).toBe(true);
    });

    it("runs no more tasks at a time than there are slots", async () => {
      const semaphore = await given.semaphore({ value: 3 });
      let running = 0;
      let most = 0;
      const task = async () => {
        most = Math.max(most, ++running);
        await semaphore.stats();
        running--;
      };
      await Promise.all(Array.from({ length: 20 }, () => semaphore.use(task)));
      expect(most).toBe(3);
    });
  });

  describe("await using", () => {
    const given = new Given(backend);

    it("gives the slot back at the end of the block", async () => {
      const semaphore = await given.semaphore();
      {
        await using slot = await semaphore.acquire();
        expect(slot.state).toBe("held");
        expect(await semaphore.locked()).toBe(true);
      }
      expect(await semaphore.locked()).toBe(false);
    });

    it("gives the slot back when the block throws", async () => {
      const semaphore = await given.semaphore();
      const block = async () => {
        await using slot = await semaphore.acquire();
        throw new Error(`boom in ${slot.slotNumber}`);
      };
      await expect(block()).rejects.toThrow("boom in 0");
      expect(await semaphore.locked()).toBe(false);
    });

    it("takes the null of a tryAcquire that got nothing", async () => {
      const { semaphore } = await given.busy();
      {
        await using slot = await semaphore.tryAcquire();
        expect(slot).toBeNull();
      }
      expect(await semaphore.locked()).toBe(true);
    });

    it("does not mind a slot that was lost meanwhile", async () => {
      const semaphore = await given.semaphore({ ttlMs: SHORT_MS });
      {
        await using slot = await semaphore.acquire();
        const aborted = abortOf(slot.signal);
        given.passes(SHORT_MS);
        await aborted;
      }
      await expect.poll(() => semaphore.locked()).toBe(false);
    });
  });
}
