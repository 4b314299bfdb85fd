/** A commit is all or nothing, once, in its place, and only by who leads. */

import { describe, expect, test } from "vitest";
import { ProtocolError } from "../../../src/errors.js";
import { aCommit, aSession, lead, telling } from "../../support/port-words.js";
import { ENTRY, type Leading, leading, type PortsBackend } from "./scene.js";

const ONE_SESSION = {
  sessions: new Map([["s", aSession()]]),
  counts: { semaphores: 0, acquisitions: 0, sessions: 1 },
  messages: telling(["s"]),
};

export function committing(backend: PortsBackend): void {
  describe("a commit", () => {
    test("is done, and moves the position", async () => {
      const { scene, store, term, commit } = await leading(backend);
      expect(await store.position()).toEqual({ epoch: term.epoch, commit: 0 });
      await commit();
      expect(await store.position()).toEqual({ epoch: term.epoch, commit: 1 });
      expect(await scene.historyLength()).toBe(1);
    });

    test("deletes what it decided, and nothing else (trap 16)", async () => {
      const { store, uplink, entry, commit } = await leading(backend);
      const later = await Promise.all([1, 2, 3].map(() => uplink.append(ENTRY)));
      const { pending } = await uplink.report("5-s", [entry, ...later]);
      expect(pending).toEqual([entry, ...later]);
      await commit();
      expect((await uplink.report("5-s", [entry, ...later])).pending).toEqual(later);
      const [first] = await store.read("0-0", 0);
      expect(first).toEqual({ id: later[0], entry: ENTRY });
    });

    test("deletes also what stands before the cursor and was never read", async () => {
      const { scene, store, uplink, term, commit } = await leading(backend);
      await scene.deleteKey("commands");
      const unread = await uplink.append(ENTRY);
      const ahead = await store.tick((await scene.clockAt()) + 5_000_000);
      await commit({ to: ahead });
      expect((await uplink.report("5-s", [unread, ahead])).pending).toEqual([]);
      expect(await store.load(term)).toMatchObject({ cursor: ahead });
    });

    test("that is repeated is done already, and has no second effect (trap 18)", async () => {
      const { scene, store, ear, uplink, term, commit } = await leading(backend);
      await uplink.subscribe("s");
      const made = await commit(ONE_SESSION);
      await ear.messages.take();
      const later = await uplink.append(ENTRY);
      const repeated = { ...made, to: later, sessions: new Map([["s", undefined]]), seq: 9 };
      expect(await store.commit(term, repeated)).toBe("done");
      expect(await store.load(term)).toMatchObject({
        commit: 1,
        cursor: made.to,
        snapshot: { seq: 1, sessions: [{ id: "s" }] },
      });
      expect(await scene.historyLength()).toBe(1);
      expect((await uplink.report("s", [later])).pending).toEqual([later]);
      expect(ear.messages.size).toBe(0);
    });

    test("of an older term is refused, and changes nothing (trap 19)", async () => {
      const first = await leading(backend);
      const { lease, store, uplink, term, entry } = first;
      await uplink.subscribe("s");
      await lease.resign(term);
      const next = await lead({ lease }, "next");
      await changesNothing(first, async () => {
        expect(await store.commit(term, aCommit(entry, ONE_SESSION))).toBe("epoch");
      });
      expect(await store.commit(next, aCommit(entry))).toBe("done");
      // Also where it would be a repeat.
      expect(await store.commit(term, aCommit(entry))).toBe("epoch");
    });

    test.each([
      ["number that leaves one out", { number: 2 }],
      ["number of long ago", { number: -1 }],
      ["cursor that was not the last", { from: "7-7" }],
    ])("with a %s is refused, and changes nothing", async (_what, wrong) => {
      const first = await leading(backend);
      const { store, uplink, term, entry } = first;
      await uplink.subscribe("s");
      await changesNothing(first, async () => {
        const commit = aCommit(entry, { ...ONE_SESSION, ...wrong });
        expect(await store.commit(term, commit)).toBe("cursor");
      });
    });

    test("follows the one before", async () => {
      const { store, term, entry, commit } = await leading(backend);
      await commit();
      const tick = await store.tick();
      const stale = aCommit(tick, { number: 2, from: "0-0" });
      expect(await store.commit(term, stale)).toBe("cursor");
      expect(await store.commit(term, { ...stale, from: entry })).toBe("done");
      expect(await store.position()).toMatchObject({ commit: 2 });
    });

    test("of a new term goes on from the last one's", async () => {
      const { lease, store, term, entry, commit } = await leading(backend);
      await commit(ONE_SESSION);
      await lease.resign(term);
      const next = await lead({ lease }, "next");
      expect(await store.load(next)).toMatchObject({ commit: 1, cursor: entry, epoch: next.epoch });
      const tick = await store.tick();
      const second = aCommit(tick, { ...ONE_SESSION, number: 2, from: entry });
      expect(await store.commit(next, second)).toBe("done");
    });

    test("is done though the lease has ended, as long as nobody else leads", async () => {
      const { scene, store, lease, term, entry } = await leading(backend);
      await scene.deleteKey("leader");
      expect(await lease.renew(term)).toBeUndefined();
      expect(await store.commit(term, aCommit(entry))).toBe("done");
    });
  });

  describe("the history", () => {
    test("keeps all, until a commit says from where on", async () => {
      const { scene, store, term, entry, commit } = await leading(backend);
      await commit();
      for (let number = 2; number <= 600; number++) {
        const trimTo = number === 400 ? "1-301" : undefined;
        const next = aCommit(entry, { number, from: entry, trimTo });
        expect(await store.commit(term, next)).toBe("done");
        if (number === 399) expect(await scene.historyLength()).toBe(399);
        if (number === 400) expect(await scene.historyLength()).toBe(100);
      }
      expect(await scene.historyLength()).toBe(300);
      expect(await store.load(term)).toMatchObject({ commit: 600 });
    });

    test("knows its checkpoints, as the last commit that names some said, and what is owed", async () => {
      const { store, term, entry, commit } = await leading(backend);
      expect(await store.load(term)).toMatchObject({ checkpoints: [], owed: 0 });
      const first = { id: "1-1", seq: 1, at: -7 };
      await commit({ checkpoints: [first], owed: 1_700_000_000_000 });
      expect(await store.load(term)).toMatchObject({
        ...{ checkpoints: [first], owed: 1_700_000_000_000 },
      });
      await store.commit(term, aCommit(entry, { number: 2, from: entry, owed: 6 }));
      expect(await store.load(term)).toMatchObject({ checkpoints: [first], owed: 6 });
      const both = [first, { id: "2-3", seq: 2, at: 9 }];
      const third = aCommit(entry, { number: 3, from: entry, checkpoints: both });
      await store.commit(term, third);
      expect(await store.load(term)).toMatchObject({ checkpoints: both, owed: 0 });
      const fourth = aCommit(entry, { number: 4, from: entry, checkpoints: [] });
      await store.commit(term, fourth);
      expect(await store.load(term)).toMatchObject({ checkpoints: [] });
    });

    test("takes nothing that does not stand behind its last entry, and the commit changes nothing", async () => {
      const first = await leading(backend);
      const { scene, store, term, entry, commit, ear, uplink } = first;
      const events = { commands: "[]", events: "[]", hash: "h" };
      await commit({ history: { seq: 7, ...events } });
      await uplink.subscribe("s");
      const next = { ...ONE_SESSION, number: 2, from: entry, checkpoints: [], owed: 3 };
      const before = await store.load(term);
      const refused = store.commit(
        term,
        aCommit(entry, { ...next, history: { seq: 6, ...events } }),
      );
      await expect(refused).rejects.toThrow(ProtocolError);
      await expect(refused).rejects.toThrow("history is not as slotstream leaves it");
      expect(await store.load(term)).toEqual(before);
      expect(await scene.historyLength()).toBe(1);
      await uplink.subscribe("nobody");
      expect(ear.messages.size).toBe(0);
      const good = aCommit(entry, { ...next, history: { seq: 7, ...events } });
      expect(await store.commit(term, good)).toBe("done");
    });
  });
}

/** Neither to the data nor to who listens. */
async function changesNothing(leading: Leading, act: () => Promise<void>): Promise<void> {
  const { scene, store, uplink, ear, entry } = leading;
  const before = await store.position();
  const lengthBefore = await scene.historyLength();
  await act();
  expect(await store.position()).toEqual(before);
  expect(await scene.historyLength()).toBe(lengthBefore);
  expect(await uplink.report("s", [entry])).toMatchObject({
    applied: undefined,
    messages: [],
    pending: [entry],
  });
  // Asked where messages come, so that they would have come before.
  await uplink.subscribe("nobody");
  expect(ear.messages.size).toBe(0);
}
