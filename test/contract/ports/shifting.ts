/** The server's clock is set, and log time does not follow it back. */

import { describe, expect, test } from "vitest";
import { isAfter } from "../../simulation/redis/stream.js";
import { aCommit, lead } from "../../support/port-words.js";
import { ENTRY, HOUR_MS, leading, millisecondsOf, type PortsBackend } from "./scene.js";

export function shifting(backend: PortsBackend): void {
  describe.skipIf(!backend.canShiftClock)("when the server's clock is set back", () => {
    test("ids keep rising, and stand still in time", async () => {
      const { scene, uplink, store, entry } = await leading(backend);
      const before = await scene.clockAt();
      scene.shiftClock(-HOUR_MS);
      expect(await scene.clockAt()).toBeLessThan(before - HOUR_MS / 2);
      const [next, tick] = [await uplink.append(ENTRY), await store.tick()];
      expect(isAfter(next, entry) && isAfter(tick, next)).toBe(true);
      expect([next, tick].map(millisecondsOf)).toEqual([entry, entry].map(millisecondsOf));
      const later = await store.tick(before + 5_000);
      expect(later).toBe(`${before + 5_000}-0`);
    });

    test("log time stays where the log is, and the clock's is told beside it", async () => {
      const { scene, lease, uplink, term, entry, commit } = await leading(backend);
      await commit();
      scene.shiftClock(-HOUR_MS);
      const now = await scene.clockAt();
      expect((await uplink.report("5-s", [])).at).toBe(millisecondsOf(entry));
      const time = await lease.renew(term);
      expect(time?.at).toBe(millisecondsOf(entry));
      expect(time?.clockAt).toBeGreaterThanOrEqual(now);
      expect(time?.clockAt).toBeLessThan(now + HOUR_MS / 2);
      await lease.resign(term);
      const next = await lead({ lease }, "next");
      expect(next.at).toBe(millisecondsOf(entry));
      expect(next.clockAt).toBeLessThan(next.at);
    });

    test("epochs rise nevertheless", async () => {
      const { scene, lease, term } = await leading(backend);
      await lease.resign(term);
      scene.shiftClock(-HOUR_MS);
      expect((await lead({ lease }, "next")).epoch).toBe(term.epoch + 1);
    });

    test("a lease lasts no longer than it was meant to, once somebody wants to claim", async () => {
      const { scene, uplink, lease, term } = await leading(backend);
      const other = await scene.process();
      scene.shiftClock(-HOUR_MS);
      expect((await uplink.report("5-s", [])).ledForMs).toBe(1_000);
      const claim = await other.lease.claim("other");
      if (claim.won) throw new Error("it won");
      expect(claim.ledForMs).toBeLessThanOrEqual(1_000);
      expect((await uplink.report("5-s", [])).ledForMs).toBeLessThanOrEqual(1_000);
      const next = await scene.until(() => lead(other, "other"));
      expect(next.epoch).toBe(term.epoch + 1);
      expect(await lease.renew(term)).toBeUndefined();
    });

    test("its leader renews for no longer than a lease", async () => {
      const { scene, uplink, lease, term } = await leading(backend);
      scene.shiftClock(-HOUR_MS);
      expect(await lease.renew(term)).toBeDefined();
      expect((await uplink.report("5-s", [])).ledForMs).toBeLessThanOrEqual(1_000);
    });
  });

  describe.skipIf(!backend.canShiftClock)("when the server's clock is set ahead", () => {
    test("leases are over at once, and log time goes along", async () => {
      const { scene, lease, store, uplink, term, entry } = await leading(backend);
      const other = await scene.process();
      scene.shiftClock(HOUR_MS);
      expect((await uplink.report("5-s", [])).at).toBeGreaterThan(term.at + HOUR_MS / 2);
      expect(await lease.renew(term)).toBeUndefined();
      const next = await lead(other, "other");
      expect(next.clockAt - term.clockAt).toBeGreaterThanOrEqual(HOUR_MS);
      expect(next.epoch).toBeGreaterThan(term.epoch);
      expect(await store.commit(term, aCommit(entry))).toBe("epoch");
      const id = await uplink.append(ENTRY);
      expect(millisecondsOf(id) - millisecondsOf(entry)).toBeGreaterThanOrEqual(HOUR_MS);
      expect(await other.store.commit(next, aCommit(id))).toBe("done");
    });
  });
}
