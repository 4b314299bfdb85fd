/** What was, and why: rebuilt from nothing but the history. */

import { describe, expect, it } from "vitest";
import {
  against,
  describeExplanation,
  InvalidOptionError,
  readHistory,
  replay,
  replayAcquisition,
  type StoredEntry,
  verify,
} from "../../src/index.js";
import { all, type Backend, Given, waiting } from "./backend.js";

/** What plain JavaScript may pass, whatever the types say. */
const unchecked = <T>(value: unknown): T => value as T;

export function lookingBack(backend: Backend): void {
  const given = new Given(backend);

  /** One holds, one waits, one has ended. */
  async function scene() {
    const { semaphore, holder: gone } = await given.busy({ value: 1 });
    const holding = semaphore.acquire({ ttlMs: 60_000, metadata: { job: "ü" } });
    await gone.release();
    const holder = await holding;
    await waiting(await given.elsewhere(semaphore), { maxAcquireTimeMs: 50_000 });
    const [waiter] = await semaphore.waiters();
    const { coordinator, name } = semaphore;
    return { semaphore, coordinator, name, gone, holder, waiter: waiter?.id ?? "" };
  }

  describe("an export", () => {
    it("reads back whole, and rebuilds what is", async () => {
      const { semaphore, coordinator, name } = await scene();
      const { header, entries } = await readHistory(await all(coordinator.export()));
      const read: StoredEntry[] = await all(entries);
      const { head } = header;
      expect(header.exportedAt).toBeGreaterThanOrEqual(
        (await semaphore.holders())[0]?.grantedAt ?? 0,
      );
      expect(await verify(read, { head })).toMatchObject({ ok: true, entries: read.length });
      expect((await against(read)).difference).toBeUndefined();
      const then = await replay(read);
      expect(then.holders(name)).toEqual(await semaphore.holders());
      expect(then.waiters(name)).toEqual(await semaphore.waiters());
      expect(then.stats([name]).get(name)).toEqual(await semaphore.stats());
    });

    it("that was altered is found out, by the entry", async () => {
      const { coordinator, holder } = await scene();
      const lines = await all(coordinator.export());
      const forged = lines.findIndex((line) => line.includes(`"acquisition":"${holder.id}"`));
      const altered = lines.with(forged, (lines[forged] ?? "").replace("ü", "u"));
      const { entries } = await readHistory(altered);
      const { ok, problem } = await verify(entries);
      expect({ ok, problem }).toMatchObject({
        ok: false,
        problem: { kind: "changed", line: forged + 1 },
      });
    });

    it("tells the life of an acquisition", async () => {
      const { coordinator, gone } = await scene();
      const { entries } = await readHistory(coordinator.export());
      const life = await replayAcquisition(entries, gone.id);
      expect(life.map(({ snapshot }) => snapshot.value)).toEqual(["queued", "held", "released"]);
    });
  });

  describe("verify()", () => {
    it("finds nothing wrong, and says how far it looked", async () => {
      const { coordinator } = await scene();
      const [last] = await all(coordinator.history({ reverse: true, limit: 1 }));
      const { ok, last: seq, head } = await coordinator.verify();
      expect(ok).toBe(true);
      expect(seq).toBeGreaterThanOrEqual(last?.seq ?? 1);
      expect(await coordinator.verify({ head, decisions: false })).toMatchObject({ ok: true });
    });

    it("looks for a head that was kept elsewhere", async () => {
      const { coordinator } = await scene();
      const head = "0".repeat(64);
      expect(await coordinator.verify({ head })).toMatchObject({
        ok: false,
        problem: { kind: "wrong-head" },
      });
    });

    it.each<[string, unknown]>([
      ["head", "the last one"],
      ["decisions", 1],
      ["heads", ""],
    ])("%s must not be %j", async (option, value) => {
      const coordinator = await given.coordinator();
      const verified = coordinator.verify(unchecked({ [option]: value }));
      await expect(verified).rejects.toBeInstanceOf(InvalidOptionError);
      await expect(verified).rejects.toMatchObject({ option });
    });
  });

  describe("replay()", () => {
    it("rebuilds the state at a moment", async () => {
      const { semaphore, coordinator, name, gone, holder } = await scene();
      const [granted] = await all(
        semaphore.history({ acquisition: holder.id, types: ["granted"] }),
      );
      const untilSeq = granted?.seq ?? 0;
      const holders = async (seq: number) =>
        (await coordinator.replay({ untilSeq: seq })).holders(name).map(({ id }) => id);
      expect(await holders(untilSeq)).toEqual([holder.id]);
      expect(await holders(untilSeq - 1)).toEqual([]);
      expect(await holders(untilSeq - 2)).toEqual([gone.id]);
      const then = await coordinator.replay({ until: new Date(granted?.at ?? 0) });
      expect(then.seq).toBeGreaterThanOrEqual(untilSeq);
      expect((await coordinator.replay()).holders(name)).toEqual(await semaphore.holders());
    });

    it.each<[string, unknown]>([
      ["until", null],
      ["until", "03:12"],
      ["untilSeq", -1],
      ["at", 7],
    ])("%s must not be %j", async (option, value) => {
      const coordinator = await given.coordinator();
      const replayed = coordinator.replay(unchecked({ [option]: value }));
      await expect(replayed).rejects.toBeInstanceOf(InvalidOptionError);
      await expect(replayed).rejects.toMatchObject({ option });
    });
  });

  describe("why()", () => {
    it("explains who waits: behind whom, and until when", async () => {
      const { coordinator, waiter, holder, name } = await scene();
      const explanation = await coordinator.why(waiter);
      expect(explanation).toMatchObject({
        ...{ kind: "waiting", semaphore: name, position: 1, slots: 1, ahead: [] },
        holders: [{ id: holder.id, slotNumber: 0, expiresAt: holder.grantedAt + 60_000 }],
        next: { what: "release", count: 1 },
      });
      expect(describeExplanation(explanation).join("\n")).toContain(holder.id);
    });

    it("explains who holds: since when, and what waits behind it", async () => {
      const { coordinator, holder } = await scene();
      given.passes(1_000);
      const explanation = await coordinator.why(holder.id);
      const { grantedAt, slotNumber, fencingToken } = holder;
      expect(explanation).toMatchObject({
        ...{ kind: "holding", holder: { grantedAt, slotNumber }, fencingToken, waiting: 1 },
      });
      expect(explanation.at).toBeGreaterThanOrEqual(grantedAt + (backend.advance ? 1_000 : 0));
    });

    it("explains who has ended, and what it was before", async () => {
      const { coordinator, gone, semaphore } = await scene();
      expect(await coordinator.why(gone.id)).toMatchObject({ kind: "ended", id: gone.id });
      const [queued] = await all(semaphore.history({ acquisition: gone.id, types: ["granted"] }));
      expect(await coordinator.why(gone.id, { untilSeq: queued?.seq })).toMatchObject({
        kind: "holding",
      });
    });

    it("knows nothing of what never was", async () => {
      const { coordinator } = await scene();
      expect(await coordinator.why("nobody")).toMatchObject({ kind: "unknown", id: "nobody" });
    });

    it("needs an id", async () => {
      const coordinator = await given.coordinator();
      await expect(coordinator.why(unchecked(7))).rejects.toMatchObject({ option: "id" });
    });
  });
}
