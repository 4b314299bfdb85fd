/** Who holds, who waits, how full everything is. */

import { describe, expect, it } from "vitest";
import type { Coordinator } from "../../src/index.js";
import { type Backend, Given, waiting } from "./backend.js";

/** Holds so many of so many slots. */
async function held(coordinator: Coordinator, name: string, held: number, of: number) {
  const semaphore = coordinator.semaphore({ name, value: of });
  for (let i = 0; i < held; i++) await semaphore.acquire();
}

export function views(backend: Backend): void {
  const given = new Given(backend);

  describe("stats()", () => {
    it("of a semaphore that nobody has used is all zero", async () => {
      const semaphore = await given.semaphore({ value: 4 });
      expect(await semaphore.stats()).toEqual({
        acquiredSlots: 0,
        maxSlots: 4,
        acquiredPercent: 0,
        queued: 0,
      });
    });

    it("counts who holds and who waits", async () => {
      const semaphore = await given.semaphore({ value: 2 });
      await semaphore.acquire();
      expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 1, acquiredPercent: 50 });
      await semaphore.acquire();
      await waiting(semaphore);
      expect(await semaphore.stats()).toEqual({
        acquiredSlots: 2,
        maxSlots: 2,
        acquiredPercent: 100,
        queued: 1,
      });
    });

    it("of all comes with the highest percentage first, then by name", async () => {
      const coordinator = await given.coordinator();
      const { name } = await given.semaphore();
      await held(coordinator, `${name}-half`, 2, 4);
      await held(coordinator, `${name}-z-full`, 1, 1);
      await held(coordinator, `${name}-a-full`, 3, 3);
      await held(coordinator, `${name}-quarter`, 1, 4);
      const ours = [...(await coordinator.stats({ limit: 1_000 }))].filter(([of]) =>
        of.startsWith(`${name}-`),
      );
      expect(ours.map(([of, { acquiredPercent }]) => [of, acquiredPercent])).toEqual([
        [`${name}-a-full`, 100],
        [`${name}-z-full`, 100],
        [`${name}-half`, 50],
        [`${name}-quarter`, 25],
      ]);
    });

    it("of all has no more than asked for: 100 unless said otherwise", async () => {
      const coordinator = await given.coordinator();
      const { name } = await given.semaphore();
      for (let i = 0; i < 101; i++) await held(coordinator, `${name}-${i}`, 1, 1);
      expect((await coordinator.stats()).size).toBe(100);
      expect((await coordinator.stats({ limit: 7 })).size).toBe(7);
      expect((await coordinator.stats({ limit: 101 })).size).toBe(101);
    });

    it("leaves out idle ones unless they are named", async () => {
      const { semaphore, holder } = await given.busy({ value: 2 });
      const { coordinator, name } = semaphore;
      await holder.release();
      expect((await coordinator.stats({ limit: 1_000 })).has(name)).toBe(false);
      expect((await coordinator.stats({ names: [name] })).get(name)).toMatchObject({
        acquiredSlots: 0,
        maxSlots: 2,
      });
    });

    it("of named ones has only these, each once, and none that nobody knows", async () => {
      const coordinator = await given.coordinator();
      const { name } = await given.semaphore();
      await held(coordinator, `${name}-one`, 1, 2);
      await held(coordinator, `${name}-two`, 1, 1);
      await held(coordinator, `${name}-three`, 1, 1);
      const names = [`${name}-one`, `${name}-two`, `${name}-one`, `${name}-none`];
      const stats = await coordinator.stats({ names });
      expect([...stats.keys()]).toEqual([`${name}-two`, `${name}-one`]);
      expect((await coordinator.stats({ names: [] })).size).toBe(0);
    });

    it("of a paused semaphore that somebody waits for is 100 percent", async () => {
      const semaphore = await given.semaphore();
      await semaphore.resize(0);
      expect(await semaphore.stats()).toMatchObject({ maxSlots: 0, acquiredPercent: 0 });
      await waiting(semaphore);
      expect(await semaphore.stats()).toMatchObject({ maxSlots: 0, acquiredPercent: 100 });
    });
  });

  describe("holders()", () => {
    it("is empty for a semaphore that nobody has used", async () => {
      expect(await (await given.semaphore()).holders()).toEqual([]);
    });

    it("tells all of each, in order of the grants", async () => {
      const semaphore = await given.semaphore({ value: 3 });
      const gone = await semaphore.acquire();
      const first = await semaphore.acquire({ ttlMs: 60_000, metadata: { job: "1" } });
      await gone.release();
      const second = await semaphore.acquire();
      const holders = await semaphore.holders();
      expect(holders).toEqual([
        {
          id: first.id,
          session: expect.any(String),
          slotNumber: 1,
          fencingToken: first.fencingToken,
          queuedAt: expect.any(Number),
          grantedAt: first.grantedAt,
          expiresAt: first.grantedAt + 60_000,
          revoked: false,
          metadata: { job: "1" },
        },
        {
          id: second.id,
          session: holders[0]?.session,
          slotNumber: 0,
          fencingToken: second.fencingToken,
          queuedAt: expect.any(Number),
          grantedAt: second.grantedAt,
          expiresAt: undefined,
          revoked: false,
          metadata: {},
        },
      ]);
    });

    it("tells sessions apart", async () => {
      const semaphore = await given.semaphore({ value: 2 });
      await semaphore.acquire();
      await (await given.elsewhere(semaphore)).acquire();
      const sessions = (await semaphore.holders()).map(({ session }) => session);
      expect(new Set(sessions).size).toBe(2);
    });
  });

  describe("waiters()", () => {
    it("is empty while nobody waits", async () => {
      const { semaphore } = await given.busy();
      expect(await semaphore.waiters()).toEqual([]);
    });

    it("tells all of each, in order of the queue", async () => {
      const { semaphore } = await given.busy();
      await waiting(semaphore, { maxAcquireTimeMs: 60_000, metadata: { job: "1" } });
      await waiting(semaphore);
      const waiters = await semaphore.waiters();
      expect(waiters).toEqual([
        {
          id: expect.any(String),
          session: expect.any(String),
          position: 1,
          queuedAt: expect.any(Number),
          expiresAt: (waiters[0]?.queuedAt ?? 0) + 60_000,
          metadata: { job: "1" },
        },
        {
          id: expect.any(String),
          session: waiters[0]?.session,
          position: 2,
          queuedAt: expect.any(Number),
          expiresAt: undefined,
          metadata: {},
        },
      ]);
    });

    it("moves up when the head is served", async () => {
      const { semaphore, holder } = await given.busy();
      const second = await waiting(semaphore, { metadata: { job: "2" } });
      await waiting(semaphore, { metadata: { job: "3" } });
      await holder.release();
      await second.acquired;
      expect(await semaphore.waiters()).toMatchObject([{ position: 1, metadata: { job: "3" } }]);
    });
  });
}
