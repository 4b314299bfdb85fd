/** Whoever inspects sees each acquisition as a real XState actor. */

import { describe, expect, it } from "vitest";
import type { InspectionEvent } from "xstate";
import { abortOf, type Backend, Given, SHORT_MS, waiting } from "./backend.js";

/** What an observer sees: which actor was where. */
function observer() {
  const events: InspectionEvent[] = [];
  return {
    inspect: (event: InspectionEvent): void => {
      events.push(event);
    },
    actors: (): string[] =>
      events
        .filter(({ type }) => type === "@xstate.actor")
        .map(({ actorRef }) => String(Object(actorRef).id)),
    /** The states that an actor went through. */
    path: (id: string): string[] => {
      const states = events
        .filter((event) => event.type === "@xstate.snapshot")
        .filter(({ actorRef }) => Object(actorRef).id === id)
        .map(({ snapshot }) => String(Object(snapshot).value));
      return states.filter((state, i) => state !== states[i - 1]);
    },
    heard: (id: string, event: string): number =>
      events
        .filter(({ type }) => type === "@xstate.event")
        .filter(({ actorRef }) => Object(actorRef).id === id)
        .filter((seen) => "event" in seen && Object(seen.event).type === event).length,
  };
}

export function inspecting(backend: Backend): void {
  describe("inspect", () => {
    const given = new Given(backend);

    it("shows one actor an acquisition, by its id", async () => {
      const { inspect, actors } = observer();
      const semaphore = await given.semaphore({ inspect, value: 2 });
      const slots = [await semaphore.acquire(), await semaphore.acquire()];
      expect(actors()).toEqual(slots.map(({ id }) => id));
    });

    it("shows its life from queued over held to released", async () => {
      const { inspect, path } = observer();
      const { holder } = await given.busy({ inspect });
      await holder.release();
      expect(path(holder.id)).toEqual(["queued", "held", "released"]);
    });

    it("shows a wait that ended without a slot", async () => {
      const { inspect, path, actors } = observer();
      const { semaphore } = await given.busy();
      const controller = new AbortController();
      const { acquired } = await waiting(semaphore, { inspect, signal: controller.signal });
      controller.abort();
      await acquired.catch(() => {});
      await expect.poll(() => path(actors()[0] ?? "")).toEqual(["queued", "abandoned"]);
    });

    it("shows a loss", async () => {
      const { inspect, path } = observer();
      const { holder } = await given.busy({ inspect, ttlMs: SHORT_MS });
      const aborted = abortOf(holder.signal);
      given.passes(SHORT_MS);
      await aborted;
      await expect.poll(() => path(holder.id)).toEqual(["queued", "held", "expired"]);
    });

    it("shows the heartbeat", async () => {
      const { inspect, path, heard } = observer();
      const { holder } = await given.busy({ inspect, heartbeatMaxIntervalMs: 500 });
      given.passes(500);
      await expect.poll(() => holder.state).toBe("heartbeating");
      expect(path(holder.id)).toEqual(["queued", "held", "heartbeating"]);
      expect(heard(holder.id, "heartbeat")).toBeGreaterThan(0);
      expect(await holder.release()).toBe(true);
      expect(path(holder.id)).toEqual(["queued", "held", "heartbeating", "released"]);
    });

    it("takes an observer object, and keeps its `this`", async () => {
      const seen = {
        count: 0,
        next(_event: InspectionEvent): void {
          this.count++;
        },
      };
      await (await given.semaphore({ inspect: seen })).use(() => {});
      expect(seen.count).toBeGreaterThan(0);
    });

    it("may be that of one acquire", async () => {
      const { inspect, actors } = observer();
      const semaphore = await given.semaphore({ value: 2 });
      await semaphore.acquire();
      const slot = await semaphore.acquire({ inspect });
      expect(actors()).toEqual([slot.id]);
    });

    it.each([
      ["a function", fail],
      ["an object", { next: fail }],
    ])("harms nothing when the observer is %s that throws", async (_, inspect) => {
      const { semaphore, holder } = await given.busy({ inspect });
      const second = await waiting(semaphore);
      expect(await holder.release()).toBe(true);
      const slot = await second.acquired;
      const aborted = abortOf(slot.signal);
      await semaphore.revoke(slot.id);
      expect(await aborted).toMatchObject({ reason: "revoked" });
      expect(await semaphore.use(() => "done")).toBe("done");
    });
  });
}

function fail(): never {
  throw new Error("the observer broke");
}
