/** When no memory is left, sessions must wait, but the leader goes on: what it does frees some. */

import { describe, expect, test } from "vitest";
import { BackendUnavailableError } from "../../../src/errors.js";
import { aCommit, lead, telling } from "../../support/port-words.js";
import { ENTRY, leading, type PortsBackend, sceneOf } from "./scene.js";

export function filling(backend: PortsBackend): void {
  describe("when memory is full", () => {
    test("entries are refused until there is some again", async () => {
      const { scene, uplink } = await leading(backend);
      await scene.fill(true);
      await expect(uplink.append(ENTRY)).rejects.toThrow(BackendUnavailableError);
      await scene.fill(false);
      const id = await uplink.append(ENTRY);
      expect((await uplink.report("5-s", [id])).pending).toEqual([id]);
    });

    test("the leader renews, reads, ticks, commits, tells, and leaves; another one follows", async () => {
      const { scene, lease, store, uplink, ear, term, entry } = await leading(backend);
      await scene.fill(true);
      await uplink.subscribe("s");
      expect(await lease.renew(term)).toBeDefined();
      expect(await store.read("0-0", 0)).toEqual([{ id: entry, entry: ENTRY }]);
      const tick = await store.tick();
      const second = await store.tick((await scene.clockAt()) + 5_000_000);
      expect((await uplink.report("5-s", [tick, second])).pending).toEqual([tick, second]);
      const commit = aCommit(second, { messages: telling(["s"]) });
      expect(await store.commit(term, commit)).toBe("done");
      expect((await ear.messages.take()).session).toBe("s");
      await lease.resign(term);
      const next = await lead({ lease }, "next");
      expect(await store.load(next)).toMatchObject({ commit: 1, cursor: second });
    });

    test("the first leader ever can begin", async () => {
      const scene = await sceneOf(backend);
      const { lease, store } = await scene.process();
      await scene.fill(true);
      expect(await store.load(await lead({ lease }))).toMatchObject({ commit: 0 });
    });
  });
}
