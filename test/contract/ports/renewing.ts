/** A term goes on while it is renewed, and ends by itself, by a word, or with the server's life. */

import { describe, expect, test } from "vitest";
import { BackendUnavailableError } from "../../../src/errors.js";
import { aCommit, lead } from "../../support/port-words.js";
import { leading, leaseEnds, millisecondsOf, type PortsBackend } from "./scene.js";

export function renewing(backend: PortsBackend): void {
  describe("a term", () => {
    test("goes on for as long as it is renewed, and tells log time", async () => {
      const { scene, lease, uplink, term } = await leading(backend);
      const other = await scene.process();
      let time = await lease.renew(term);
      // Longer than a lease that nobody renews.
      await scene.until(async () => {
        time = await lease.renew(term);
        expect((await other.lease.claim("other")).won).toBe(false);
        expect(time?.at).toBeGreaterThan(term.at + 1_500);
      });
      expect(time?.clockAt).toBe(time?.at);
      expect((await uplink.report("s", [])).ledForMs).toBeGreaterThan(0);
    });

    test("cannot be renewed once its lease has ended", async () => {
      const { scene, lease, uplink, term } = await leading(backend);
      await leaseEnds(scene, uplink);
      expect(await lease.renew(term)).toBeUndefined();
    });

    test("cannot be renewed by a copy of it: whose server it was is not known", async () => {
      const { lease, term } = await leading(backend);
      expect(await lease.renew({ ...term })).toBeUndefined();
    });

    test("that is resigned is announced, and the next begins at once", async () => {
      const { scene, lease, vacancies, term } = await leading(backend);
      const other = await scene.process();
      await other.vacancies.take();
      await vacancies.take();
      await lease.resign(term);
      await other.vacancies.take();
      await vacancies.take();
      expect((await lead(other, "other")).epoch).toBeGreaterThan(term.epoch);
      expect(await lease.renew(term)).toBeUndefined();
    });

    test("of another one is not resigned", async () => {
      const { scene, lease, term } = await leading(backend);
      await lease.resign({ ...term, candidate: "another" });
      await lease.resign({ ...term, epoch: term.epoch + 1 });
      expect((await (await scene.process()).lease.claim("third")).won).toBe(false);
      expect(await lease.renew(term)).toBeDefined();
    });

    test("that has ended by itself is not announced any more", async () => {
      const { scene, lease, uplink, vacancies, term } = await leading(backend);
      await vacancies.take();
      await leaseEnds(scene, uplink);
      await lease.resign(term);
      const next = await lead({ lease }, "next");
      await lease.resign(next);
      await vacancies.take();
      await lease.resign(next);
      // One whose word is heard after all that.
      await uplink.subscribe("s");
      expect(vacancies.size).toBe(0);
    });

    test("ends with the server's life, though the data is there", async () => {
      const { scene, lease, store, ear, term, entry } = await leading(backend);
      await scene.restart("all");
      await ear.ups.take();
      expect(await lease.renew(term)).toBeUndefined();
      expect(await store.commit(term, aCommit(entry))).toBe("epoch");
      await expect(store.load(term)).rejects.toThrow(BackendUnavailableError);
      const next = await lead({ lease }, term.candidate);
      expect(next.epoch).toBeGreaterThan(term.epoch);
      expect(await store.load(next)).toMatchObject({ restarted: true });
    });

    test("and its renewal keep new entries behind the cursor, though the stream was deleted", async () => {
      const { scene, lease, store, uplink, term, commit } = await leading(backend);
      const far = `${(await scene.clockAt()) + 5_000_000}-5`;
      const { to } = await commit({ to: far });
      await scene.deleteKey("commands");
      const unread = await store.tick();
      expect(millisecondsOf(unread)).toBeLessThan(millisecondsOf(far));
      await lease.renew(term);
      const id = await store.tick();
      expect(await store.read(to, 0)).toEqual([{ id, entry: undefined }]);
      expect((await uplink.report("s", [unread, id])).pending).toEqual([id]);

      await lease.resign(term);
      await scene.deleteKey("commands");
      await lead({ lease }, "next");
      const after = await store.tick();
      expect(await store.read(to, 0)).toEqual([{ id: after, entry: undefined }]);
    });
  });
}
