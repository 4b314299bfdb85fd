/** What happened, told in order. */

import { describe, expect, it } from "vitest";
import { describeEvent, type Event } from "../../src/index.js";
import { abortOf, all, type Backend, Given, SHORT_MS, waiting } from "./backend.js";
import { lookingBack } from "./looking-back.js";
import { querying } from "./querying.js";
import { watching } from "./watching.js";

const types = (events: readonly Event[]): string[] => events.map(({ type }) => type);

/** The events, and why they happened where they say so. */
const reasons = (events: readonly Event[]): string[] =>
  events.map((event) => ("reason" in event ? `${event.type}: ${event.reason}` : event.type));

export function history(backend: Backend): void {
  telling(backend);
  querying(backend);
  watching(backend);
  lookingBack(backend);
}

function telling(backend: Backend): void {
  describe("history()", () => {
    const given = new Given(backend);

    it("of a semaphore that nobody has used is empty", async () => {
      expect(await all((await given.semaphore()).history())).toEqual([]);
    });

    it("of an acquisition tells its life, oldest first", async () => {
      const { holder } = await given.busy();
      await holder.release();
      const events = await all(holder.history());
      expect(types(events)).toEqual(["queued", "granted", "released"]);
      expect(events).toMatchObject(events.map(() => ({ acquisition: holder.id })));
    });

    it("tells each event whole", async () => {
      const { semaphore, holder } = await given.busy({ metadata: { job: "7" } });
      await holder.release();
      const about = { semaphore: semaphore.name, acquisition: holder.id };
      expect(await all(holder.history())).toMatchObject([
        { ...about, type: "queued", value: 1, position: 1, terms: { metadata: { job: "7" } } },
        { ...about, type: "granted", slot: 0, token: holder.fencingToken, at: holder.grantedAt },
        { ...about, type: "released", reason: "released" },
      ]);
    });

    it("of a semaphore tells what happened to it, and to no other", async () => {
      const { semaphore, holder } = await given.busy();
      const other = await given.busy();
      await holder.release();
      await other.holder.release();
      expect(types(await all(semaphore.history()))).toEqual(["queued", "granted", "released"]);
    });

    it("has rising numbers, and times that do not go back", async () => {
      const { semaphore, holder } = await given.busy();
      const second = await waiting(semaphore);
      await holder.release();
      await (await second.acquired).release();
      const events = await all(semaphore.coordinator.history({ semaphore: semaphore.name }));
      const numbers = events.map(({ seq }) => seq);
      const times = events.map(({ at }) => at);
      expect(events.length).toBe(6);
      expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(numbers);
      expect([...times].sort((a, b) => a - b)).toEqual(times);
    });

    it("can be asked for one acquisition of a semaphore", async () => {
      const { semaphore, holder } = await given.busy();
      await holder.release();
      await semaphore.use(() => {});
      const ofHolder = await all(semaphore.history({ acquisition: holder.id }));
      expect(ofHolder).toEqual(await all(holder.history()));
      expect(ofHolder.length).toBe(3);
    });

    it("has nothing of an acquisition of another semaphore", async () => {
      const { holder } = await given.busy();
      const other = await given.semaphore();
      expect(await all(other.history({ acquisition: holder.id }))).toEqual([]);
    });

    it("tells why somebody got nothing", async () => {
      const { semaphore } = await given.busy();
      await semaphore.tryAcquire();
      await semaphore.acquire({ maxQueueSize: 0 }).catch(() => {});
      await (await given.elsewhere(semaphore, { value: 2 })).acquire().catch(() => {});
      const timedOut = semaphore.acquire({ maxAcquireTimeMs: SHORT_MS });
      given.passes(SHORT_MS);
      await timedOut.catch(() => {});
      const abandoned = (await all(semaphore.history())).filter(({ type }) => type === "abandoned");
      expect(reasons(abandoned)).toEqual([
        "abandoned: busy",
        "abandoned: queue-full",
        "abandoned: value-mismatch",
        "abandoned: timeout",
      ]);
    });

    it("tells how slots were lost", async () => {
      const { semaphore, holder } = await given.busy();
      await semaphore.revoke(holder.id, { force: true });
      const second = await semaphore.acquire({ ttlMs: SHORT_MS });
      const aborted = abortOf(second.signal);
      given.passes(SHORT_MS);
      await aborted;
      // A holder may know of its loss a moment before the log does.
      await expect.poll(() => semaphore.locked()).toBe(false);
      const expired = (await all(semaphore.history())).filter(({ type }) => type === "expired");
      expect(reasons(expired)).toEqual(["expired: revoked", "expired: ttl"]);
    });

    it("tells who resized and revoked", async () => {
      const { semaphore, holder } = await given.busy();
      const operator = await given.elsewhere(semaphore);
      await operator.resize(2);
      await operator.revoke(holder.id);
      await abortOf(holder.signal);
      const events = await all(semaphore.history());
      const resized = events.find(({ type }) => type === "resized");
      const revoked = events.find(({ type }) => type === "revoked");
      expect(resized).toMatchObject({ declared: 1, effective: 2 });
      expect(revoked).toMatchObject({ acquisition: holder.id, by: resized?.session });
    });

    it("can be read by people", async () => {
      const { holder } = await given.busy();
      const lines = (await all(holder.history())).map(describeEvent);
      expect(lines[1]).toMatch(new RegExp(`^granted ${holder.id} on \\S+ slot=0 token=\\d+$`));
    });
  });
}
