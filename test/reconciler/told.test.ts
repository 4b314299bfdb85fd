/** What sessions were told is kept until they have seen it. */

import { describe, expect, test } from "vitest";
import { type Keeping, Told } from "../../src/reconciler/told.js";

/** Of a leader that found nothing. */
const newTold = () => new Told(7, new Map(), []);

describe("a message", () => {
  test("is kept until it is seen, and the next one comes", () => {
    const told = newTold();
    expect(told.tell("s", told.next(1))).toEqual<Keeping>({ kept: ["7-1"], dropped: [] });
    expect(told.tell("s", told.next(2))).toEqual<Keeping>({ kept: ["7-1", "7-2"], dropped: [] });
    told.seen("s", 1);
    expect(told.tell("s", told.next(3))).toEqual<Keeping>({
      kept: ["7-2", "7-3"],
      dropped: ["7-1"],
    });
  });

  test("that is the newest says where the next one continues, even if it was seen", () => {
    const told = newTold();
    told.tell("s", "7-5");
    told.seen("s", 5);
    expect(told.last("s")).toBe("7-5");
    expect(told.tell("s", "7-6")).toEqual<Keeping>({ kept: ["7-6"], dropped: ["7-5"] });
  });
});

test("a session that was told nothing has seen nothing", () => {
  const told = newTold();
  told.seen("s", 5);
  expect(told.last("s")).toBe("0-0");
});

test("what is said of one message stays, whatever comes next", () => {
  const told = newTold();
  const first = told.tell("s", "7-1");
  told.seen("s", 1);
  told.tell("s", "7-2");
  expect(first).toEqual<Keeping>({ kept: ["7-1"], dropped: [] });
});

test("another leader goes on with what was kept", () => {
  const told = new Told(8, new Map([["s", ["7-1", "7-2"]]]), ["s"]);
  expect(told.last("s")).toBe("7-2");
  told.seen("s", 1);
  expect(told.tell("s", told.next(3))).toEqual<Keeping>({
    kept: ["7-2", "8-3"],
    dropped: ["7-1"],
  });
});

test("where what was told is lost, the next message follows none that anybody has seen", () => {
  const told = new Told(8, new Map(), ["s"]);
  expect(told.last("s")).toBe("8-0");
  told.tell("s", told.next(3));
  expect(told.last("s")).toBe("8-3");
});

test("a session that is forgotten leaves nothing behind", () => {
  const told = new Told(8, new Map([["s", ["7-1", "7-2"]]]), ["s"]);
  expect(told.forget("s")).toEqual<Keeping>({ kept: [], dropped: ["7-1", "7-2"] });
  expect(told.last("s")).toBe("0-0");
  expect(told.forget("s")).toEqual<Keeping>({ kept: [], dropped: [] });
});
