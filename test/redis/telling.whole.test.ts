/** What a commit tells sessions: at once, to those who listen, and as often as they report until they have seen it. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MessageId, Outgoing } from "../../src/ports.js";
import { outgoing } from "../support/kept.js";
import {
  aCommit,
  aMessage,
  aSession,
  connected,
  lead,
  newNamespace,
  telling,
} from "../support/redis-partition.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

async function leading() {
  const { namespace, key } = newNamespace();
  const partition = await connected(server, { namespace });
  const term = await lead(partition);
  const tick = await partition.store.tick();
  return { store: partition.store, partition, key, term, tick };
}

describe("what a commit tells", () => {
  test("reaches the session, and is kept for its report", async () => {
    const { partition, store, term, tick } = await leading();
    await partition.uplink.subscribe("s");
    const messages = telling(["s"]);
    const counts = { semaphores: 0, acquisitions: 0, sessions: 1 };
    const sessions = new Map([["s", aSession(4)]]);
    await store.commit(term, aCommit(tick, { messages, sessions, counts }));

    const events = [{ seq: 1, at: 1, type: "ticked" }];
    const message = { id: "1-1", after: "0-0", applied: 1, events };
    expect(await partition.ear.messages.take()).toEqual({ session: "s", message });
    expect(await partition.uplink.report("s", [])).toMatchObject({
      applied: 4,
      messages: [message],
    });
  });

  test("is kept until it has been seen, or nobody knows the session any more", async () => {
    const { partition, store, term, tick, key } = await leading();
    const sessions = new Map([["s", aSession()]]);
    const counts = { semaphores: 0, acquisitions: 0, sessions: 1 };
    const tell = async (
      number: number,
      kept: readonly MessageId[],
      dropped: readonly MessageId[],
    ) => {
      const messages = new Map([["s", outgoing(aMessage(number - 1), kept, dropped)]]);
      await store.commit(
        term,
        aCommit(tick, { number, from: number > 1 ? tick : "0-0", messages, sessions, counts }),
      );
      const report = await partition.uplink.report("s", []);
      return report.messages.map(({ id }) => id);
    };
    expect(await tell(1, ["1-1"], [])).toEqual(["1-1"]);
    expect(await tell(2, ["1-1", "1-2"], [])).toEqual(["1-1", "1-2"]);
    expect(await tell(3, ["1-2", "1-3"], ["1-1"])).toEqual(["1-2", "1-3"]);
    expect((await store.load(term)).told.get("s")).toEqual(["1-2", "1-3"]);
    expect(await tell(4, ["1-4"], ["1-2", "1-3"])).toEqual(["1-4"]);
    expect(await tell(5, [], ["1-4"])).toEqual([]);
    expect(await server.cli("HLEN", key("told"))).toBe("0");
  });

  test.each<[string, string[], number, number]>([
    ["all of them", ["ticked", "left", "ticked"], 0, 3],
    ["the first", ["ticked", "left", "ticked"], 0, 1],
    ["some in the middle", ["ticked", "left", "heartbeat", "ticked"], 1, 3],
  ])("is cut out of the events: %s", async (_what, types, first, end) => {
    const { partition, store, term, tick } = await leading();
    await partition.uplink.subscribe("s");
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
    const messages = new Map([["s", message]]);
    await store.commit(term, aCommit(tick, { seq: texts.length, history, messages }));
    expect((await partition.ear.messages.take()).message).toEqual(JSON.parse(message.text));
    expect((await partition.uplink.report("s", [])).messages).toEqual([JSON.parse(message.text)]);
  });

  test("is put together for each of several sessions in its own way", async () => {
    const { partition, store, term, tick, key } = await leading();
    const names = ["a", "b", "c"];
    for (const name of names) await partition.uplink.subscribe(name);
    const texts = ["ticked", "left", "heartbeat"].map((type, index) =>
      JSON.stringify({ seq: index + 1, at: 1, type }),
    );
    const [first = "", second = "", third = ""] = texts;
    const events = `[${texts.join()}]`;
    const textOf = (own: string) => `{"id":"1-3","after":"0-0","applied":1,"events":[${own}]}`;
    const pieceOf = (own: string) => {
      const from = events.indexOf(own);
      return { from, to: from + own.length };
    };
    const farewell =
      '{"seq":3,"at":1,"type":"swept","semaphores":["b\u00fccher"],"sessions":["b"]}';
    const messages = new Map<string, Outgoing>([
      ["a", { text: textOf(first), piece: pieceOf(first), kept: ["1-3"], dropped: [] }],
      ["b", { text: textOf(farewell), piece: undefined, kept: [], dropped: ["1-1"] }],
      [
        "c",
        {
          text: textOf(`${second},${third}`),
          piece: pieceOf(`${second},${third}`),
          kept: ["1-2", "1-3"],
          dropped: ["1-1"],
        },
      ],
    ]);
    const history = { seq: 1, commands: "[]", events, hash: "h" };
    await store.commit(term, aCommit(tick, { seq: 3, history, messages }));
    const heard = new Map<string, unknown>();
    while (heard.size < names.length) {
      const { session, message } = await partition.ear.messages.take();
      heard.set(session, message);
    }
    for (const [session, { text }] of messages) {
      expect(heard.get(session)).toEqual(JSON.parse(text));
    }
    expect(await server.cli("HGET", key("told"), "c")).toBe("1-2 1-3");
    expect(await server.cli("HEXISTS", key("told"), "b")).toBe("0");
  });

  test("reaches nobody if the commit is refused (trap 19)", async () => {
    const { partition, store, term, tick } = await leading();
    await partition.uplink.subscribe("s");
    const wrong = aCommit(tick, { number: 2, messages: telling(["s"]) });
    await store.commit(term, wrong);
    await store.commit(term, aCommit(tick, { messages: telling(["s"], 7) }));
    expect((await partition.ear.messages.take()).message.after).toBe("1-7");
  });
});
