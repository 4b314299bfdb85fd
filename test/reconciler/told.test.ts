/** What sessions were told is kept until they have seen it. */

import { describe, expect, test } from "vitest";
import { type Keeping, Told } from "../../src/reconciler/told.js";

describe("a message", () => {
  test("is kept until it is seen, and the next one comes", () => {
    const told = new Told(new Map());
    expect(told.tell("s", 1)).toEqual<Keeping>({ kept: [1], dropped: [] });
    expect(told.tell("s", 2)).toEqual<Keeping>({ kept: [1, 2], dropped: [] });
    told.seen("s", 1);
    expect(told.tell("s", 3)).toEqual<Keeping>({ kept: [2, 3], dropped: [1] });
  });

  test("that is the newest says where the next one continues, even if it was seen", () => {
    const told = new Told(new Map());
    told.tell("s", 5);
    told.seen("s", 5);
    expect(told.last("s")).toBe(5);
    expect(told.tell("s", 6)).toEqual<Keeping>({ kept: [6], dropped: [5] });
  });
});

test("a session that was told nothing has seen nothing", () => {
  const told = new Told(new Map());
  told.seen("s", 5);
  expect(told.last("s")).toBe(0);
});

test("what is said of one message stays, whatever comes next", () => {
  const told = new Told(new Map());
  const first = told.tell("s", 1);
  told.seen("s", 1);
  told.tell("s", 2);
  expect(first).toEqual<Keeping>({ kept: [1], dropped: [] });
});

test("another leader goes on with what was kept", () => {
  const told = new Told(new Map([["s", [1, 2]]]));
  expect(told.last("s")).toBe(2);
  told.seen("s", 1);
  expect(told.tell("s", 3)).toEqual<Keeping>({ kept: [2, 3], dropped: [1] });
});

test("a session that is forgotten leaves nothing behind", () => {
  const told = new Told(new Map([["s", [1, 2]]]));
  expect(told.forget("s")).toEqual<Keeping>({ kept: [], dropped: [1, 2] });
  expect(told.last("s")).toBe(0);
  expect(told.forget("s")).toEqual<Keeping>({ kept: [], dropped: [] });
});
