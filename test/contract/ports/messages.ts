/** What a commit tells comes at once to those who listen, and with every report until it has been seen. */

import { describe, expect, test } from "vitest";
import type { MessageId, Outgoing } from "../../../src/ports.js";
import { outgoing } from "../../support/kept.js";
import { aCommit, aMessage, aSession, telling } from "../../support/port-words.js";
import { leading, type PortsBackend } from "./scene.js";

const KNOWN = {
  sessions: new Map([["s", aSession(4)]]),
  counts: { semaphores: 0, acquisitions: 0, sessions: 1 },
};

export function messages(backend: PortsBackend): void {
  describe("what a commit tells", () => {
    test("reaches whoever subscribed, wherever it is, and nobody else", async () => {
      const { scene, ear, commit } = await leading(backend);
      const [one, two, other] = [
        await scene.process(),
        await scene.process(),
        await scene.process(),
      ];
      await one.uplink.subscribe("s");
      await two.uplink.subscribe("t");
      await other.uplink.subscribe("u");
      await commit({ messages: telling(["s", "t"]) });
      const message = JSON.parse(aMessage(0));
      expect(await one.ear.messages.take()).toEqual({ session: "s", message });
      expect(await two.ear.messages.take()).toEqual({ session: "t", message });
      // Asked where messages come, so that they would have come before.
      await other.uplink.subscribe("v");
      expect(other.ear.messages.size + ear.messages.size).toBe(0);
    });

    test("comes in the order of the commits", async () => {
      const { store, uplink, ear, term, entry, commit } = await leading(backend);
      await uplink.subscribe("s");
      await commit({ messages: telling(["s"]) });
      for (let number = 2; number <= 5; number++) {
        const messages = telling(["s"], number - 1);
        await store.commit(term, aCommit(entry, { number, from: entry, messages }));
      }
      for (let seq = 1; seq <= 5; seq++) {
        expect((await ear.messages.take()).message).toEqual(JSON.parse(aMessage(seq - 1)));
      }
    });

    test("does not reach who unsubscribed, or subscribes later", async () => {
      const { store, uplink, ear, term, entry, commit } = await leading(backend);
      await uplink.subscribe("left");
      await uplink.subscribe("stayed");
      uplink.unsubscribe("left");
      await uplink.subscribe("stayed");
      await commit({ messages: telling(["left", "late", "stayed"]) });
      await uplink.subscribe("late");
      expect((await ear.messages.take()).session).toBe("stayed");
      const messages = telling(["late"], 1);
      await store.commit(term, aCommit(entry, { number: 2, from: entry, messages }));
      expect(await ear.messages.take()).toMatchObject({
        session: "late",
        message: { after: "1-1" },
      });
    });

    test("is kept until it has been seen, or nobody knows the session any more", async () => {
      const { store, uplink, term, entry } = await leading(backend);
      const tell = async (
        number: number,
        kept: readonly MessageId[],
        dropped: readonly MessageId[],
      ) => {
        const messages = new Map([["s", outgoing(aMessage(number - 1), kept, dropped)]]);
        const from = number > 1 ? entry : "0-0";
        await store.commit(term, aCommit(entry, { ...KNOWN, number, from, messages }));
        const report = await uplink.report("s", []);
        return report.messages.map(({ id }) => id);
      };
      expect(await tell(1, ["1-1"], [])).toEqual(["1-1"]);
      expect(await tell(2, ["1-1", "1-2"], [])).toEqual(["1-1", "1-2"]);
      expect(await tell(3, ["1-2", "1-3"], ["1-1"])).toEqual(["1-2", "1-3"]);
      expect((await store.load(term)).told).toEqual(new Map([["s", ["1-2", "1-3"]]]));
      expect(await tell(4, ["1-4"], ["1-2", "1-3"])).toEqual(["1-4"]);
      expect(await tell(5, [], ["1-4"])).toEqual([]);
    });

    test.each<[string, string[], number, number]>([
      ["all of them", ["ticked", "left", "ticked"], 0, 3],
      ["the first", ["ticked", "left", "ticked"], 0, 1],
      ["some in the middle", ["ticked", "left", "heartbeat", "ticked"], 1, 3],
    ])("is the same if it is cut out of the events: %s", async (_what, types, first, end) => {
      const { uplink, ear, commit } = await leading(backend);
      await uplink.subscribe("s");
      const texts = types.map((type, index) => JSON.stringify({ seq: index + 1, at: 1, type }));
      const [events, own] = [`[${texts.join()}]`, texts.slice(first, end).join()];
      const from = events.indexOf(own);
      const message: Outgoing = {
        text: `{"id":"1-3","after":"0-0","applied":1,"events":[${own}]}`,
        piece: { from, to: from + own.length },
        kept: ["1-3"],
        dropped: [],
      };
      const history = { seq: 1, commands: "[]", events, hash: "h" };
      await commit({ ...KNOWN, seq: 3, history, messages: new Map([["s", message]]) });
      expect((await ear.messages.take()).message).toEqual(JSON.parse(message.text));
      expect((await uplink.report("s", [])).messages).toEqual([JSON.parse(message.text)]);
    });

    test("is not remembered after it was deleted, and what comes next is", async () => {
      const { scene, store, uplink, term, entry, commit } = await leading(backend);
      await commit({ ...KNOWN, messages: telling(["s"]) });
      await scene.deleteKey("told");
      expect(await uplink.report("s", [])).toMatchObject({ applied: 4, messages: [] });
      const messages = new Map([["s", outgoing(aMessage(1), ["1-1", "1-2"])]]);
      const next = aCommit(entry, { ...KNOWN, number: 2, from: entry, messages });
      expect(await store.commit(term, next)).toBe("done");
      expect((await uplink.report("s", [])).messages.map(({ id }) => id)).toEqual(["1-2"]);
      expect((await store.load(term)).told).toEqual(new Map([["s", ["1-1", "1-2"]]]));
    });
  });
}
