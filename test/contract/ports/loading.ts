/** What a new leader loads is what commits have stored, and nothing if that cannot be trusted. */

import { describe, expect, test } from "vitest";
import { BackendUnavailableError, ProtocolError } from "../../../src/errors.js";
import type { Commit } from "../../../src/ports.js";
import {
  aCommit,
  anAcquisition,
  aSemaphore,
  aSession,
  lead,
  telling,
} from "../../support/port-words.js";
import { failureOf, type Key, leading, naming, type PortsBackend, RECORDS } from "./scene.js";

const FULL: Partial<Commit> = {
  ...{ sweepAt: 70, shiftMs: -3, pausedUntil: 9, pauseMs: 25_000, at: 5, seq: 4 },
  token: 1_759_999_999_999_999,
  counts: { semaphores: 1, acquisitions: 2, sessions: 1 },
  semaphores: new Map([["a:b", aSemaphore(1, 1)]]),
  acquisitions: new Map([
    ["a:b\nx-1", anAcquisition(1, 0)],
    ["a:b\nx-2", anAcquisition(2)],
  ]),
  sessions: new Map([["s", aSession(3)]]),
  messages: telling(["s"]),
};

export function loading(backend: PortsBackend): void {
  describe("a load", () => {
    test("brings nothing where nothing was committed", async () => {
      const { store, term } = await leading(backend);
      expect(await store.load(term)).toEqual({
        ...{ epoch: term.epoch, commit: 0, cursor: "0-0", head: "" },
        ...{ checkpoints: [], owed: 0 },
        ...{ restarted: false, pauseMs: 15_000, told: new Map() },
        snapshot: {
          ...{ at: 0, seq: 0, token: 0, sweepAt: null, shiftMs: 0, pausedUntil: 0 },
          ...{ semaphores: [], acquisitions: [], sessions: [] },
        },
      });
    });

    test("brings all that was committed, to the last digit (trap 35)", async () => {
      const { store, term, entry, commit } = await leading(backend);
      await commit(FULL);
      const loaded = await store.load(term);
      expect(loaded).toMatchObject({ epoch: term.epoch, commit: 1, cursor: entry, head: "h" });
      expect(loaded).toMatchObject({ restarted: false, pauseMs: 25_000 });
      expect(loaded.told).toEqual(new Map([["s", ["1-1"]]]));
      const { snapshot } = loaded;
      const numbers = { at: 5, seq: 4, sweepAt: 70, shiftMs: -3, pausedUntil: 9 };
      expect(snapshot).toMatchObject({ ...numbers, token: 1_759_999_999_999_999 });
      expect(snapshot.semaphores).toEqual([{ ...JSON.parse(aSemaphore(1, 1)), name: "a:b" }]);
      expect(snapshot.sessions).toEqual([{ ...JSON.parse(aSession(3)), id: "s" }]);
      const acquisitions = [...snapshot.acquisitions].sort((a, b) => a.sequence - b.sequence);
      expect(acquisitions).toEqual([
        { ...JSON.parse(anAcquisition(1, 0)), semaphore: "a:b", id: "x-1" },
        { ...JSON.parse(anAcquisition(2)), semaphore: "a:b", id: "x-2" },
      ]);
    });

    test("brings what a later commit left of it", async () => {
      const { store, term, entry, commit } = await leading(backend);
      await commit(FULL);
      const second = aCommit(entry, {
        ...{ number: 2, from: entry, counts: { semaphores: 1, acquisitions: 1, sessions: 1 } },
        semaphores: new Map([["a:b", aSemaphore(1, 0)]]),
        acquisitions: new Map([["a:b\nx-2", undefined]]),
      });
      await store.commit(term, second);
      const { snapshot, told } = await store.load(term);
      expect(snapshot.semaphores).toMatchObject([{ name: "a:b", queued: 0 }]);
      expect(snapshot.acquisitions).toMatchObject([{ id: "x-1" }]);
      expect(snapshot.sessions).toMatchObject([{ id: "s", applied: 3 }]);
      expect(snapshot.sweepAt).toBeNull();
      expect(told).toEqual(new Map([["s", ["1-1"]]]));
    });

    test("brings records of which none is left as none, not as lost (trap 34)", async () => {
      const { store, term, entry, commit } = await leading(backend);
      await commit(FULL);
      const nothing = aCommit(entry, {
        ...{ number: 2, from: entry },
        semaphores: new Map([["a:b", undefined]]),
        acquisitions: new Map([
          ["a:b\nx-1", undefined],
          ["a:b\nx-2", undefined],
        ]),
        sessions: new Map([["s", undefined]]),
        messages: new Map([
          ["s", { text: '{"events":[]}', piece: undefined, kept: [], dropped: ["1-1"] }],
        ]),
      });
      await store.commit(term, nothing);
      const loaded = await store.load(term);
      expect(loaded.snapshot).toMatchObject({ semaphores: [], acquisitions: [], sessions: [] });
      expect(loaded.told).toEqual(new Map());
    });

    test("of a term that another one has ended can be tried again by who won it", async () => {
      const { scene, lease, store, term, commit } = await leading(backend);
      await commit();
      await lease.resign(term);
      const other = await scene.process();
      const next = await lead(other, "other");
      await expect(store.load(term)).rejects.toThrow(BackendUnavailableError);
      expect(await other.store.load(next)).toMatchObject({ epoch: next.epoch });
    });
  });

  describe("a load refuses (trap 13)", () => {
    test.each<Key>([...RECORDS, "told", "history"])("deleted %s", async (key) => {
      const { scene, store, term, commit } = await leading(backend);
      await commit(FULL);
      await scene.deleteKey(key);
      const failure = await failureOf(store.load(term));
      expect(failure).toBeInstanceOf(ProtocolError);
      expect(failure).toMatchObject({ message: expect.stringMatching(naming(key)) });
    });

    test.each<Key>(RECORDS)("deleted %s, though they had no record", async (key) => {
      const { scene, store, term } = await leading(backend);
      await scene.deleteKey(key);
      const failure = await failureOf(store.load(term));
      expect(failure).toBeInstanceOf(ProtocolError);
      expect(failure).toMatchObject({ message: expect.stringMatching(naming(key)) });
    });

    test.each<Key>(["meta", ...RECORDS, "told", "history"])("a foreign %s", async (key) => {
      const { scene, store, term, commit } = await leading(backend);
      await commit(FULL);
      await scene.replaceKey(key);
      const failure = await failureOf(store.load(term));
      expect(failure).toBeInstanceOf(ProtocolError);
      expect(failure).toMatchObject({ message: expect.stringMatching(naming(key)) });
    });

    test.each([
      ["semaphores", "a:b"],
      ["acquisitions", "a:b\nx-2"],
      ["sessions", "s"],
    ] as const)("%s that are not as many as were counted", async (key, field) => {
      const { scene, store, term, commit } = await leading(backend);
      await commit(FULL);
      await scene.deleteField(key, field);
      const failure = await failureOf(store.load(term));
      expect(failure).toBeInstanceOf(ProtocolError);
      expect(failure).toMatchObject({ message: expect.stringMatching(/counted/) });
    });

    test("deleted meta; but then it may be another term's concern", async () => {
      const { scene, store, term, commit } = await leading(backend);
      await commit(FULL);
      await scene.deleteKey("meta");
      await expect(store.load(term)).rejects.toThrow(BackendUnavailableError);
    });
  });
}
