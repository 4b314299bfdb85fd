/** A term is won by one at a time, until it ends. */

import { describe, expect, test } from "vitest";
import { aCommit, lead } from "../../support/port-words.js";
import { leading, leaseEnds, type PortsBackend, sceneOf } from "./scene.js";

export function claiming(backend: PortsBackend): void {
  describe("a claim", () => {
    test("wins where nobody leads, and tells log time and the server's clock", async () => {
      const scene = await sceneOf(backend);
      const process = await scene.process();
      const before = await scene.clockAt();
      const term = await lead(process, "me");
      expect(term).toMatchObject({ candidate: "me", leaseMs: 1_000 });
      expect(term.epoch).toBeGreaterThanOrEqual(before * 1_000);
      expect(term.clockAt).toBeGreaterThanOrEqual(before);
      expect(term.clockAt).toBeLessThanOrEqual(await scene.clockAt());
      expect(term.at).toBe(term.clockAt);
    });

    test("tells a log time that is ahead of the clock, if the log is", async () => {
      const { scene, commit, lease, term } = await leading(backend);
      const ahead = (await scene.clockAt()) + 5_000_000;
      await commit({ at: ahead });
      await lease.resign(term);
      const next = await lead({ lease }, "next");
      expect(next.at).toBe(ahead);
      expect(next.clockAt).toBeLessThan(ahead);
    });

    test("loses while another one leads, and learns for how long", async () => {
      const { scene } = await leading(backend);
      const other = await scene.process();
      const claim = await other.lease.claim("other");
      expect(claim).toEqual({ won: false, ledForMs: expect.any(Number) });
      if (claim.won) throw new Error("it won");
      expect(claim.ledForMs).toBeGreaterThan(0);
      expect(claim.ledForMs).toBeLessThanOrEqual(1_000);
    });

    test("wins when the lease of another one has ended, with a higher epoch", async () => {
      const { scene, store, lease, term, entry } = await leading(backend);
      const other = await scene.process();
      const next = await scene.until(() => lead(other, "other"));
      expect(next.epoch).toBeGreaterThan(term.epoch);
      expect(next.clockAt - term.clockAt).toBeGreaterThanOrEqual(1_000);
      expect(await lease.renew(term)).toBeUndefined();
      expect(await store.commit(term, aCommit(entry))).toBe("epoch");
    });

    test("that is repeated by the same candidate finds its term (trap 18)", async () => {
      const { scene, lease, store, term } = await leading(backend);
      const again = await lead({ lease }, term.candidate);
      expect(again.epoch).toBe(term.epoch);
      expect(await lease.renew(again)).toBeDefined();
      expect(await store.load(again)).toMatchObject({ epoch: term.epoch });
      expect((await (await scene.process()).lease.claim("other")).won).toBe(false);
    });

    test("that is repeated after its lease ended begins another term", async () => {
      const { scene, lease, uplink, term } = await leading(backend);
      await leaseEnds(scene, uplink);
      expect((await lead({ lease }, term.candidate)).epoch).toBeGreaterThan(term.epoch);
    });

    test("is won by one of many at once", async () => {
      const scene = await sceneOf(backend);
      const { lease } = await scene.process();
      const names = Array.from({ length: 20 }, (_, index) => `candidate-${index}`);
      const claims = await Promise.all(names.map((name) => lease.claim(name)));
      expect(claims.filter(({ won }) => won)).toHaveLength(1);
    });

    test("keeps the longest pause that anybody has brought, or a commit", async () => {
      const { scene, lease, store, term, entry } = await leading(backend, { pauseMs: 5_000 });
      expect((await store.load(term)).pauseMs).toBe(5_000);
      const patient = await scene.process({ pauseMs: 40_000 });
      await lease.resign(term);
      const second = await lead(patient, "patient");
      expect((await patient.store.load(second)).pauseMs).toBe(40_000);
      await patient.lease.resign(second);
      const third = await lead({ lease }, "third");
      expect((await store.load(third)).pauseMs).toBe(40_000);
      await store.commit(third, aCommit(entry, { pauseMs: 60_000 }));
      expect((await store.load(third)).pauseMs).toBe(60_000);
    });
  });
}
