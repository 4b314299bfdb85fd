/** What sessions were told is kept until they have seen it. */

import { describe, expect, test } from "vitest";
import { Told } from "../../src/reconciler/told.js";
import { keptAfter } from "../support/kept.js";

const message = (seq: number) =>
  JSON.stringify({ after: seq - 1, events: [{ seq, name: "\u00fc" }] });

/** A session, and what the data keeps for it. */
class Listener {
  constructor(
    private readonly told = new Told(new Map()),
    public kept: string | undefined = undefined,
  ) {}

  get last(): number {
    return this.told.last("s");
  }

  is(told: "seen" | "forgotten", seq = 0): void {
    if (told === "seen") this.told.seen("s", seq);
    else this.told.forget("s");
  }

  hears(seq: number): void {
    const text = message(seq);
    this.kept = keptAfter(this.kept, { text, seenBytes: this.told.tell("s", seq, text) });
  }

  /** Another leader has loaded what the data keeps. */
  reloaded(): Listener {
    return new Listener(new Told(new Map([["s", this.kept ?? "[]"]])), this.kept);
  }
}

describe("a message", () => {
  test("is kept until it is seen, and the next one comes", () => {
    const session = new Listener();
    session.hears(1);
    session.hears(2);
    session.is("seen", 1);
    session.hears(3);
    expect(session.kept).toBe(`[${message(2)},${message(3)}]`);
  });

  test("that is the newest says where the next one continues, even if it was seen", () => {
    const session = new Listener();
    session.hears(5);
    session.is("seen", 5);
    expect(session.last).toBe(5);
    session.hears(6);
    expect(session.kept).toBe(`[${message(6)}]`);
  });
});

test("a session that was told nothing has seen nothing", () => {
  const session = new Listener();
  session.is("seen", 5);
  expect(session.last).toBe(0);
});

test("another leader goes on with what was kept, which goes once all of it was seen", () => {
  const before = new Listener();
  before.hears(1);
  before.hears(2);
  const session = before.reloaded();
  expect(session.last).toBe(2);
  session.is("seen", 1);
  session.hears(3);
  expect(session.kept).toBe(`[${message(1)},${message(2)},${message(3)}]`);
  session.is("seen", 2);
  session.hears(4);
  expect(session.kept).toBe(`[${message(3)},${message(4)}]`);
});

test("a session that is forgotten leaves nothing behind", () => {
  const session = new Listener();
  session.hears(1);
  session.is("forgotten");
  expect(session.last).toBe(0);
});
