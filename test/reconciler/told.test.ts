/** What sessions were told is kept until they have seen it. */

import { expect, test } from "vitest";
import { Told } from "../../src/reconciler/told.js";

const message = (seq: number) => JSON.stringify({ after: seq - 1, events: [{ seq }] });

test("a message is kept until it is seen, and the next one comes", () => {
  const told = new Told(new Map());
  told.tell("s", 1, message(1));
  told.tell("s", 2, message(2));
  told.seen("s", 1);
  told.tell("s", 3, message(3));
  expect(told.textOf("s")).toBe(`[${message(2)},${message(3)}]`);
});

test("the newest says where the next one continues, even if it was seen", () => {
  const told = new Told(new Map());
  told.tell("s", 5, message(5));
  told.seen("s", 5);
  expect(told.last("s")).toBe(5);
  expect(told.textOf("s")).toBe(`[${message(5)}]`);
});

test("a session that was told nothing has nothing to store", () => {
  const told = new Told(new Map());
  told.seen("s", 5);
  expect(told.last("s")).toBe(0);
  expect(told.textOf("s")).toBeUndefined();
});

test("another leader goes on with what was stored", () => {
  const first = new Told(new Map());
  first.tell("s", 1, message(1));
  first.tell("s", 2, message(2));
  const second = new Told(new Map([["s", first.textOf("s") ?? ""]]));
  expect(second.last("s")).toBe(2);
  second.seen("s", 1);
  second.tell("s", 3, message(3));
  expect(second.textOf("s")).toBe(`[${message(2)},${message(3)}]`);
});

test("a session that is forgotten leaves nothing behind", () => {
  const told = new Told(new Map());
  told.tell("s", 1, message(1));
  told.forget("s");
  expect(told.last("s")).toBe(0);
  expect(told.textOf("s")).toBeUndefined();
});
