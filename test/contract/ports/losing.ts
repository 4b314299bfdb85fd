/** Data that was lost with its server, or by somebody's hand, is noticed by whoever leads next. */

import { describe, expect, test } from "vitest";
import { aCommit, aSession, lead } from "../../support/port-words.js";
import { ENTRY, leading, type PortsBackend, sceneOf } from "./scene.js";

const ONE_SESSION = {
  sessions: new Map([["5-s", aSession(7)]]),
  counts: { semaphores: 0, acquisitions: 0, sessions: 1 },
  messages: new Map([
    [
      "5-s",
      {
        text: '{"id":"1-1","after":"0-0","applied":7,"events":[]}',
        piece: undefined,
        kept: ["1-1"],
        dropped: [],
      },
    ],
  ]),
};

export function losing(backend: PortsBackend): void {
  describe("when the server was started again", () => {
    test("with its data, all is there, and the next term begins another life of it", async () => {
      const { scene, lease, store, uplink, ear, commit, entry } = await leading(backend);
      const { to } = await commit(ONE_SESSION);
      const later = await uplink.append(ENTRY);
      await scene.restart("all");
      await ear.ups.take();
      const term = await scene.until(() => lead({ lease }, "next"));
      const loaded = await store.load(term);
      expect(loaded).toMatchObject({ commit: 1, cursor: entry, restarted: true, pauseMs: 15_000 });
      expect(await store.read(to, 0)).toEqual([{ id: later, entry: ENTRY }]);

      const next = { number: 2, from: to, restarted: true, pausedUntil: 99, pauseMs: 15_000 };
      await store.commit(term, aCommit(later, { ...ONE_SESSION, ...next }));
      expect(await store.load(term)).toMatchObject({
        restarted: false,
        snapshot: { pausedUntil: 99 },
      });
    });

    test("with older data, what came later is gone, and nobody is told", async () => {
      const { scene, lease, store, uplink, ear, commit, term } = await leading(backend);
      const { to } = await commit(ONE_SESSION);
      await scene.save();
      const [decided, lost] = [await uplink.append(ENTRY), await uplink.append(ENTRY)];
      const second = aCommit(decided, { ...ONE_SESSION, number: 2, from: to });
      expect(await store.commit(term, second)).toBe("done");
      await scene.restart("saved");
      await ear.ups.take();
      expect(await uplink.report("5-s", [lost])).toMatchObject({ applied: 7, pending: [] });
      const next = await scene.until(() => lead({ lease }, "next"));
      expect(await store.load(next)).toMatchObject({ commit: 1, cursor: to, restarted: true });
    });

    test("what was subscribed is so no more", async () => {
      const { scene, lease, store, uplink, ear, commit } = await leading(backend);
      await uplink.subscribe("gone");
      await uplink.subscribe("back");
      const { to } = await commit();
      await scene.restart("all");
      await ear.ups.take();
      await uplink.subscribe("back");
      const term = await scene.until(() => lead({ lease }, "next"));
      const message = ONE_SESSION.messages.get("5-s");
      if (message === undefined) throw new Error("no message");
      const messages = new Map([
        ["gone", message],
        ["back", message],
      ]);
      await store.commit(term, aCommit(to, { number: 2, from: to, messages }));
      expect((await ear.messages.take()).session).toBe("back");
    });
  });

  describe("when all data is gone", () => {
    test("because the server keeps none, its last leader knows", async () => {
      const { scene, lease, store, ear, commit, term } = await leading(backend);
      await commit();
      await scene.restart("none");
      await ear.ups.take();
      const next = await lead({ lease }, "next");
      expect(next.epoch).toBeGreaterThan(term.epoch);
      expect(await store.load(next)).toMatchObject({ restarted: true, commit: 0, cursor: "0-0" });
    });

    test.each([
      ["committed", "leader"],
      ["was told something", "hearer"],
      ["asked about a session that is known", "asker"],
      ["loaded", "loader"],
    ] as const)(
      "and somebody lives who %s, the next term begins another life of it",
      async (_why, who) => {
        const first = await leading(backend);
        const { scene, lease, term } = first;
        const witness = who === "leader" ? first : await scene.process();
        if (who === "hearer") await witness.uplink.subscribe("5-s");
        await first.commit(ONE_SESSION);
        if (who === "hearer") await witness.ear.messages.take();
        if (who === "asker")
          expect(await witness.uplink.report("5-s", [])).toMatchObject({ applied: 7 });
        await lease.resign(term);
        if (who === "loader") {
          const next = await lead(witness, "loader");
          await witness.store.load(next);
        }
        // Whoever else has seen it is gone.
        if (who !== "leader") first.close();
        const stranger = await scene.process();
        await scene.deleteEverything();
        const begun = await lead(stranger, "stranger");
        expect(await stranger.store.load(begun)).toMatchObject({ restarted: true, commit: 0 });
      },
    );

    test("and nobody is there who has seen it, it is as new", async () => {
      const scene = await sceneOf(backend);
      const process = await scene.process();
      await process.uplink.subscribe("5-s");
      await process.uplink.report("5-s", []);
      await process.uplink.append(ENTRY);
      const term = await lead(process);
      expect(await process.store.load(term)).toMatchObject({ restarted: false, commit: 0 });
    });

    test("a commit of the term before is refused", async () => {
      const { scene, store, commit, term, entry } = await leading(backend);
      await commit();
      await scene.deleteEverything();
      const next = aCommit(entry, { number: 2, from: entry });
      expect(await store.commit(term, next)).toBe("epoch");
      expect(await store.position()).toEqual({ epoch: 0, commit: 0 });
    });
  });
}
