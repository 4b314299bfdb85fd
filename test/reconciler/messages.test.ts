/** Who is told what: each session its events, cut out of those of the commit where they are one piece. */

import { describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.js";
import { State } from "../../src/core/state.js";
import { step } from "../../src/core/step.js";
import { messagesOf } from "../../src/reconciler/messages.js";
import { Told } from "../../src/reconciler/told.js";
import { type Ask, acquire, leave, reassert, release } from "../support/commands.js";

const [A, B] = [{ by: "0-a" }, { by: "0-b" }];

/** What is told of these commands, and the text of the events that it is cut out of. */
function told(...commands: readonly Ask[]) {
  const state = new State();
  const numbers = new Map<string, number>();
  const events = commands.flatMap((command): Event[] => {
    const number = (numbers.get(command.session) ?? 0) + 1;
    numbers.set(command.session, number);
    return step(state, { ...command, number }, 1);
  });
  const texts = events.map((event) => JSON.stringify(event));
  const all = `[${texts.join()}]`;
  return { all, messages: messagesOf(state, new Told(7, new Map(), []), events, texts, all) };
}

describe("the events of a session", () => {
  test("are one piece if nobody else's are among them", () => {
    const { all, messages } = told(acquire("x", A), acquire("y", { ...B, on: "db" }));
    for (const session of ["0-a", "0-b"]) {
      const { text, piece } = messages.get(session) ?? {};
      const cut = Buffer.from(all).subarray(piece?.from, piece?.to);
      expect(text).toContain(`,"after":"0-0","applied":1,"events":[${cut}]}`);
      expect(JSON.parse(text ?? "").events).toMatchObject([
        { type: "queued", session },
        { type: "granted", session },
      ]);
    }
  });

  test("are all of them if nobody else has any", () => {
    const { all, messages } = told(acquire("x", A), release("x", A));
    expect(messages.get("0-a")?.piece).toEqual({ from: 1, to: all.length - 1 });
  });

  test("are told one by one if others are among them", () => {
    const { messages } = told(acquire("x", A), acquire("y", B), release("x", A), release("y", B));
    const { text, piece } = messages.get("0-a") ?? {};
    expect(piece).toBeUndefined();
    expect(JSON.parse(text ?? "").events).toMatchObject([
      { type: "queued", acquisition: "x" },
      { type: "granted", acquisition: "x" },
      { type: "released", acquisition: "x" },
    ]);
  });

  test("begin anew with what goes over to it; whose it was is its own former self", () => {
    const hold = { slot: 0, token: 1_000 };
    const { messages } = told(acquire("x", A), reassert("x", { ...hold, ...B }));
    expect(JSON.parse(messages.get("0-a")?.text ?? "").events).toMatchObject([
      { type: "queued" },
      { type: "granted" },
    ]);
    expect(JSON.parse(messages.get("0-b")?.text ?? "").events).toMatchObject([
      { type: "reasserted", from: "0-a", session: "0-b" },
    ]);
  });

  test("are told to who ended it under a later name, as far as they are the answer", () => {
    const { messages } = told(acquire("x", A), leave({ ...B, former: "0-a" }));
    expect(JSON.parse(messages.get("0-a")?.text ?? "").events).toMatchObject([
      { type: "queued" },
      { type: "granted" },
      { type: "released", reason: "left" },
      { type: "left", session: "0-a", by: "0-b" },
    ]);
    expect(JSON.parse(messages.get("0-b")?.text ?? "").events).toMatchObject([
      { type: "left", session: "0-a", by: "0-b", number: 1 },
    ]);
  });

  test("are told, and kept for nobody, where the session that is ended was never known", () => {
    const { messages } = told(leave({ ...B, former: "0-a" }));
    expect(messages.get("0-a")).toMatchObject({ kept: [], dropped: [] });
    expect(messages.get("0-b")?.kept).toHaveLength(1);
  });

  test("are not cut out where a character has more than one byte", () => {
    const { messages } = told(acquire("x", { ...A, on: "b\u00fccher" }));
    const { text, piece } = messages.get("0-a") ?? {};
    expect(piece).toBeUndefined();
    expect(JSON.parse(text ?? "").events).toMatchObject([{ semaphore: "b\u00fccher" }, {}]);
  });
});
