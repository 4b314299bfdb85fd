/** The random part of ids. */

import { expect, test } from "vitest";
import { makeId } from "../../src/semaphore/make-id.js";

test("no id is taken for an option of a command line, or made twice", () => {
  const ids = Array.from({ length: 5_000 }, makeId);
  expect(ids.filter((id) => !/^\w[\w-]{11}$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});
