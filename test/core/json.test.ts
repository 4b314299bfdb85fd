/** JSON that others wrote is looked at before it is believed. */

import { expect, test } from "vitest";
import { isObject, parseJson } from "../../src/core/json.js";

test("text that is JSON says something, and other text nothing", () => {
  expect(parseJson('{"a":[1]}')).toEqual({ a: [1] });
  expect(parseJson("null")).toBeNull();
  expect(parseJson("{")).toBeUndefined();
  expect(parseJson("")).toBeUndefined();
});

test("an object is neither a list nor null", () => {
  expect(isObject({})).toBe(true);
  for (const other of [[], null, undefined, "a", 7]) expect(isObject(other)).toBe(false);
});
