/** Heartbeats: who is heard keeps what it has, however long; who is not loses it, and blocks nobody. */

import { describe, expect, it } from "vitest";
import { AcquisitionLostError, type Event, type Semaphore } from "../../src/index.js";
import { abortOf, all, type Backend, Given, queued, waiting } from "./backend.js";

/** Short, but longer than a busy machine may let a process stand still. */
const INTERVAL_MS = 1_000;
const watched = { heartbeatMaxIntervalMs: INTERVAL_MS };

/** Log times at which the only holder's session was heard by a heartbeat. */
async function heartbeats(semaphore: Semaphore, session: string | undefined): Promise<number[]> {
  const isOurs = (event: Event) => event.type === "heartbeat" && event.session === session;
  return (await all(semaphore.coordinator.history())).filter(isOurs).map(({ at }) => at);
}

async function sessionOf(semaphore: Semaphore): Promise<string | undefined> {
  return (await semaphore.holders())[0]?.session;
}

export function heartbeating(backend: Backend): void {
  describe("heartbeatMaxIntervalMs", () => {
    const given = new Given(backend);

    /** A slot that is held by what may die, and a semaphore elsewhere to see it from. */
    async function heldByAMortal() {
      const semaphore = await given.semaphore(watched);
      const { coordinator, die } = await given.mortal();
      const theirs = coordinator.semaphore({ name: semaphore.name, value: 1, ...watched });
      return { semaphore, holder: await theirs.acquire(), die };
    }

    it("keeps the slot of a holder that is heard, over several intervals", async () => {
      const { semaphore, holder } = await given.busy(watched);
      const second = await waiting(semaphore);
      const session = await sessionOf(semaphore);
      await given.until(async () => {
        const last = (await heartbeats(semaphore, session)).at(-1) ?? 0;
        expect(last - holder.grantedAt).toBeGreaterThan(2 * INTERVAL_MS);
      });
      expect(holder.signal.aborted).toBe(false);
      expect(await semaphore.holders()).toMatchObject([{ id: holder.id, slotNumber: 0 }]);
      const stats = await semaphore.coordinator.stats({ names: [semaphore.name] });
      expect(stats.get(semaphore.name)).toMatchObject({ acquiredSlots: 1, queued: 1 });
      expect(await holder.release()).toBe(true);
      expect((await second.acquired).slotNumber).toBe(0);
    });

    it("makes the state `heartbeating` with the first heartbeat", async () => {
      const { semaphore, holder } = await given.busy(watched);
      const session = await sessionOf(semaphore);
      expect(holder.state).toBe("held");
      await given.until(() => expect(holder.state).toBe("heartbeating"));
      expect(await heartbeats(semaphore, session)).not.toEqual([]);
      expect(await holder.release()).toBe(true);
      expect(holder.state).toBe("released");
    });

    it("takes the slot from a holder that is not heard any more, for the next one", async () => {
      const { semaphore, holder, die } = await heldByAMortal();
      const second = await waiting(semaphore);
      const aborted = abortOf(holder.signal);
      const session = await sessionOf(semaphore);
      await given.until(() => expect(holder.state).toBe("heartbeating"));
      die();
      given.passes(4 * INTERVAL_MS);
      const slot = await second.acquired;
      expect(slot.slotNumber).toBe(0);
      expect(slot.fencingToken).toBeGreaterThan(holder.fencingToken);
      const heardAt = (await heartbeats(semaphore, session)).at(-1) ?? Infinity;
      expect(slot.grantedAt - heardAt).toBeGreaterThanOrEqual(INTERVAL_MS);
      expect(await aborted).toBeInstanceOf(AcquisitionLostError);
      expect(await aborted).toMatchObject({ reason: "heartbeat", acquisitionId: holder.id });
      expect(holder.lost?.reason).toBe("heartbeat");
    });

    it("lets a waiter that is not heard any more block nobody", async () => {
      const { semaphore, holder } = await given.busy(watched);
      const { coordinator, die } = await given.mortal();
      const theirs = coordinator.semaphore({ name: semaphore.name, value: 1, ...watched });
      // Nobody is there to await it.
      theirs.acquire().catch(() => {});
      await queued(semaphore, 1);
      const third = await waiting(semaphore);
      const [head] = await semaphore.waiters();
      die();
      // If its process can be told, it waits again, at the tail.
      await given.until(async () => {
        expect((await semaphore.waiters())[0]?.session).not.toBe(head?.session);
      });
      expect(await holder.release()).toBe(true);
      expect((await third.acquired).slotNumber).toBe(0);
    });
  });
}
