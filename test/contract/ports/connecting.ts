/** Connections end and come back. What was under way then may have happened or not, and is asked again. */

import { describe, expect, test } from "vitest";
import { BackendUnavailableError, ProtocolError } from "../../../src/errors.js";
import { aCommit, telling } from "../../support/port-words.js";
import { ENTRY, LONG_MS, leading, type PortsBackend } from "./scene.js";

export function connecting(backend: PortsBackend): void {
  describe("when the connections end", () => {
    test("what waits or is under way ends as well; a second time it can be asked", async () => {
      const { scene, store, uplink, ear, entry } = await leading(backend);
      const read = store.read(entry, LONG_MS).catch((error: unknown) => error);
      await scene.blockedReader();
      const asked = [uplink.append(ENTRY), uplink.report("5-s", []), store.tick()];
      const outcomes = Promise.allSettled<unknown>(asked);
      await scene.cut();
      expect(await ear.downs.take()).toBeInstanceOf(BackendUnavailableError);
      for (const outcome of await outcomes) {
        if (outcome.status === "fulfilled") continue;
        expect(outcome.reason).toBeInstanceOf(BackendUnavailableError);
      }
      const found = await read;
      if (!Array.isArray(found)) expect(found).toBeInstanceOf(BackendUnavailableError);
      await ear.ups.take();
      const id = await uplink.append(ENTRY);
      expect((await uplink.report("5-s", [id])).pending).toEqual([id]);
    });

    test("a term goes on, and that it may be vacant is told again", async () => {
      const { scene, lease, store, ear, vacancies, term, entry } = await leading(backend);
      await vacancies.take();
      await scene.cut();
      await ear.ups.take();
      await vacancies.take();
      expect(await lease.renew(term)).toBeDefined();
      expect(await store.load(term)).toMatchObject({ restarted: false });
      expect(await store.commit(term, aCommit(entry))).toBe("done");
    });

    test("what was subscribed is so no more", async () => {
      const { scene, uplink, ear, commit } = await leading(backend);
      await uplink.subscribe("gone");
      await uplink.subscribe("back");
      await scene.cut();
      await ear.ups.take();
      await uplink.subscribe("back");
      await commit({ messages: telling(["gone", "back"]) });
      expect((await ear.messages.take()).session).toBe("back");
    });
  });

  test("while the server is away, whatever is asked can be asked again", async () => {
    const { scene, lease, store, uplink, ear, term, entry } = await leading(backend);
    await scene.restart("all", async () => {
      await ear.downs.take();
      const asks = [
        () => uplink.append(ENTRY),
        () => uplink.subscribe("s"),
        () => uplink.report("s", []),
        () => lease.claim("me"),
        () => lease.renew(term),
        () => lease.resign(term),
        () => store.load(term),
        () => store.tick(),
        () => store.commit(term, aCommit(entry)),
        () => store.position(),
      ];
      for (const ask of asks) await expect(ask()).rejects.toThrow(BackendUnavailableError);
      uplink.unsubscribe("s");
    });
    await ear.ups.take();
    expect((await uplink.report("5-s", [entry])).pending).toEqual([entry]);
  });

  test("whoever connects where meta is of another type is told so, until it is mended", async () => {
    const { scene, lease, uplink, ear } = await leading(backend);
    await scene.replaceKey("meta");
    await scene.cut();
    await scene.until(async () => {
      expect(await ear.downs.take()).toBeInstanceOf(ProtocolError);
    });
    await expect(uplink.append(ENTRY)).rejects.toThrow(ProtocolError);
    await expect(lease.claim("me")).rejects.toThrow(ProtocolError);
    await scene.deleteEverything();
    await ear.ups.take();
    expect((await lease.claim("me")).won).toBe(true);
  });
}
