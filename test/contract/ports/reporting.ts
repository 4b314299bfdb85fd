/** A report says what the log knows of a session, and changes nothing. */

import { describe, expect, test } from "vitest";
import { ProtocolError } from "../../../src/errors.js";
import { aMessage, aSession, lead, telling } from "../../support/port-words.js";
import {
  ENTRY,
  failureOf,
  type Key,
  leading,
  naming,
  type PortsBackend,
  sceneOf,
} from "./scene.js";

export function reporting(backend: PortsBackend): void {
  describe("a report", () => {
    test("where nothing is known says so, and the time", async () => {
      const scene = await sceneOf(backend);
      const { uplink } = await scene.process();
      const before = await scene.clockAt();
      const report = await uplink.report("5-s", ["1-1"]);
      expect(report).toEqual({
        at: expect.any(Number),
        applied: undefined,
        messages: [],
        pending: [],
        ledForMs: 0,
      });
      expect(report.at).toBeGreaterThanOrEqual(before);
      expect(report.at).toBeLessThanOrEqual(await scene.clockAt());
    });

    test("tells what was applied and told, what waits, and for how long somebody leads", async () => {
      const { uplink, entry, commit } = await leading(backend);
      const later = await uplink.append(ENTRY);
      await commit({
        sessions: new Map([["5-s", aSession(7)]]),
        counts: { semaphores: 0, acquisitions: 0, sessions: 1 },
        messages: telling(["5-s"]),
      });
      const report = await uplink.report("5-s", [entry, later, "1-1"]);
      expect(report).toMatchObject({ applied: 7, pending: [later] });
      expect(report.messages).toEqual([JSON.parse(aMessage(0))]);
      expect(report.ledForMs).toBeGreaterThan(0);
      expect(report.ledForMs).toBeLessThanOrEqual(1_000);
      expect(await uplink.report("6-other", [later])).toMatchObject({
        ...{ applied: undefined, messages: [], pending: [later] },
      });
    });

    test("tells nothing of a story that has a hole, for somebody has deleted a part of it", async () => {
      const { scene, uplink, commit } = await leading(backend);
      await commit({
        sessions: new Map([["5-s", aSession(7)]]),
        counts: { semaphores: 0, acquisitions: 0, sessions: 1 },
        messages: telling(["5-s"]),
      });
      const [message] = (await uplink.report("5-s", [])).messages;
      await scene.deleteField("told", `5-s\n${message?.id}`);
      expect(await uplink.report("5-s", [])).toMatchObject({ applied: 7, messages: [] });
    });

    test("tells of entries before anybody has led", async () => {
      const scene = await sceneOf(backend);
      const { uplink } = await scene.process();
      const id = await uplink.append(ENTRY);
      expect(await uplink.report("5-s", [id])).toMatchObject({ pending: [id], ledForMs: 0 });
    });

    test("knows that nobody leads after a leader has left", async () => {
      const { lease, uplink, term } = await leading(backend);
      await lease.resign(term);
      expect((await uplink.report("5-s", [])).ledForMs).toBe(0);
      await lead({ lease }, "next");
      expect((await uplink.report("5-s", [])).ledForMs).toBeGreaterThan(0);
    });

    test.each([
      ["cursor", 1_000, 0],
      ["last event", 0, 1_000],
    ])("never tells a time before the %s", async (_which, cursorMs, eventMs) => {
      const { scene, store, lease, uplink, term, commit } = await leading(backend);
      const ahead = (await scene.clockAt()) + 5_000_000;
      const to = await store.tick(ahead + cursorMs);
      await commit({ to, at: ahead + eventMs });
      expect((await uplink.report("5-s", [])).at).toBe(ahead + 1_000);
      const time = await lease.renew(term);
      expect(time?.at).toBe(ahead + 1_000);
      expect(time?.clockAt).toBeLessThan(ahead);
    });

    test.each<Key>(["meta", "sessions", "told", "commands"])(
      "refuses a foreign %s",
      async (key) => {
        const { scene, uplink } = await leading(backend);
        await scene.replaceKey(key);
        const failure = await failureOf(uplink.report("5-s", ["1-1"]));
        expect(failure).toBeInstanceOf(ProtocolError);
        expect(failure).toMatchObject({ message: expect.stringMatching(naming(key)) });
      },
    );

    test("refuses when sessions were deleted, instead of calling all of them unknown", async () => {
      const { scene, uplink } = await leading(backend);
      await scene.deleteKey("sessions");
      const failure = await failureOf(uplink.report("5-s", []));
      expect(failure).toBeInstanceOf(ProtocolError);
      expect(failure).toMatchObject({ message: expect.stringMatching(naming("sessions")) });
    });

    test("knows nobody when meta was deleted, which is the next leader's concern", async () => {
      const { scene, uplink, entry, commit } = await leading(backend);
      await commit({
        sessions: new Map([["5-s", aSession(7)]]),
        counts: { semaphores: 0, acquisitions: 0, sessions: 1 },
        messages: telling(["5-s"]),
      });
      await scene.deleteKey("meta");
      const report = await uplink.report("5-s", [entry]);
      expect(report).toMatchObject({ applied: undefined, messages: [], pending: [] });
    });

    test("of what nobody leads by goes on: a foreign leader, foreign semaphores", async () => {
      const { scene, uplink, entry } = await leading(backend);
      await scene.replaceKey("leader");
      await scene.replaceKey("semaphores");
      expect(await uplink.report("5-s", [entry])).toMatchObject({ pending: [entry], ledForMs: 0 });
    });
  });
}
