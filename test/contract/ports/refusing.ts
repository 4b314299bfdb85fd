/** On data that is missing or foreign nobody leads, and nothing is written (traps 13 and 30). */

import { describe, expect, test } from "vitest";
import { ProtocolError } from "../../../src/errors.js";
import { aCommit, aSession, lead, telling } from "../../support/port-words.js";
import { failureOf, type Key, leading, naming, type PortsBackend, RECORDS } from "./scene.js";

const ONE_SESSION = {
  sessions: new Map([["s", aSession()]]),
  counts: { semaphores: 0, acquisitions: 0, sessions: 1 },
  messages: telling(["s"]),
};

export function refusing(backend: PortsBackend): void {
  describe("a claim", () => {
    test.each<Key>(["meta", ...RECORDS])("refuses when %s was deleted", async (key) => {
      const { scene, lease, term, commit } = await leading(backend);
      await commit(ONE_SESSION);
      await lease.resign(term);
      await scene.deleteKey(key);
      await refuses(lease.claim("me"), key);
      // It did not lead in the meantime either.
      await refuses(lease.claim("other"), key);
    });

    test("refuses when meta was deleted though there are no records", async () => {
      const { scene, lease, term } = await leading(backend);
      await lease.resign(term);
      await scene.deleteKey("meta");
      await refuses(lease.claim("me"), "meta");
    });

    test.each<Key>(["told", "history"])("refuses when only %s is left", async (key) => {
      const { scene, lease, term, commit } = await leading(backend);
      await commit({ messages: telling(["s"]) });
      await lease.resign(term);
      const others: readonly Key[] = ["meta", ...RECORDS, "told", "history"];
      for (const other of others) if (other !== key) await scene.deleteKey(other);
      await refuses(lease.claim("me"), "meta");
    });

    test.each<Key>(["meta", ...RECORDS, "commands", "leader"])(
      "refuses a foreign %s",
      async (key) => {
        const { scene, lease, term } = await leading(backend);
        await lease.resign(term);
        await scene.replaceKey(key);
        await refuses(lease.claim("me"), key);
      },
    );

    test("loses as ever while another one leads, whatever happened to the records", async () => {
      const { scene } = await leading(backend);
      const other = await scene.process();
      for (const key of RECORDS) await scene.deleteKey(key);
      await scene.replaceKey("commands");
      expect((await other.lease.claim("other")).won).toBe(false);
    });

    test.each<Key>(["told", "history"])("leaves a lost %s to whoever loads", async (key) => {
      const { scene, lease, store, term, commit } = await leading(backend);
      await commit(ONE_SESSION);
      await lease.resign(term);
      await scene.deleteKey(key);
      const next = await lead({ lease }, "next");
      await refuses(store.load(next), key);
    });
  });

  describe("a term", () => {
    test("ends when its leader's key is foreign or deleted", async () => {
      const { scene, lease, term } = await leading(backend);
      await scene.replaceKey("leader");
      expect(await lease.renew(term)).toBeUndefined();
      await expect(lease.resign(term)).rejects.toThrow(ProtocolError);
      await scene.deleteKey("leader");
      expect(await lease.renew(term)).toBeUndefined();
      await lease.resign(term);
    });

    test("ends when meta was deleted; a foreign one is refused", async () => {
      const { scene, lease, store, term, entry } = await leading(backend);
      await scene.replaceKey("meta");
      await refuses(lease.renew(term), "meta");
      await refuses(store.position(), "meta");
      await scene.deleteKey("meta");
      expect(await lease.renew(term)).toBeUndefined();
      expect(await store.commit(term, aCommit(entry))).toBe("epoch");
    });

    test("goes on whatever happened to the rest: commits find out", async () => {
      const { scene, lease, term } = await leading(backend);
      for (const key of [...RECORDS, "told", "history"] as const) await scene.deleteKey(key);
      await scene.replaceKey("commands");
      expect(await lease.renew(term)).toBeDefined();
    });
  });

  describe("a commit", () => {
    const foreign: readonly Key[] = ["meta", ...RECORDS, "told", "history", "commands"];

    test.each(foreign)("refuses a foreign %s, and writes nothing", async (key) => {
      const { scene, store, uplink, ear, term, entry } = await leading(backend);
      await uplink.subscribe("s");
      await scene.replaceKey(key);
      await refuses(store.commit(term, aCommit(entry, ONE_SESSION)), key);
      if (key !== "meta") expect(await store.position()).toMatchObject({ commit: 0 });
      if (key !== "history") expect(await scene.historyLength()).toBe(0);
      await uplink.subscribe("nobody");
      expect(ear.messages.size).toBe(0);
    });

    test.each<Key>([...RECORDS, "history"])("refuses when %s was deleted", async (key) => {
      const { scene, store, term, entry, commit } = await leading(backend);
      await commit();
      await scene.deleteKey(key);
      const next = aCommit(entry, { ...ONE_SESSION, number: 2, from: entry });
      await refuses(store.commit(term, next), key);
      expect(await store.position()).toMatchObject({ commit: 1 });
    });

    test.each<Key>([...RECORDS, "history"])(
      "says first that it is done, whatever became of %s",
      async (key) => {
        const { scene, store, term, entry, commit } = await leading(backend);
        await commit();
        await scene.deleteKey(key);
        expect(await store.commit(term, aCommit(entry))).toBe("done");
        expect(await store.commit(term, aCommit(entry, { number: 7 }))).toBe("cursor");
      },
    );

    test("goes on though the commands were deleted", async () => {
      const { scene, store, uplink, term, entry } = await leading(backend);
      await scene.deleteKey("commands");
      expect(await store.commit(term, aCommit(entry))).toBe("done");
      expect((await uplink.report("s", [entry])).pending).toEqual([]);
    });
  });
}

async function refuses(promise: Promise<unknown>, key: Key): Promise<void> {
  const failure = await failureOf(promise);
  expect(failure).toBeInstanceOf(ProtocolError);
  expect(failure).toMatchObject({ message: expect.stringMatching(naming(key)) });
}
