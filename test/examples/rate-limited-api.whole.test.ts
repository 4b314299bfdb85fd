/** The limit of an API is kept by all processes together, and would not be without the semaphore. */

import { expect, test } from "vitest";
import { example, linesOf, testServer } from "./support.js";

test("four processes never call more than three at a time", async () => {
  const ended = await example("rate-limited-api.js", [], await testServer());
  expect(linesOf(ended)).toEqual([
    "40 calls from 4 processes, 0 refused",
    "at most 3 ran at a time",
  ]);
});

test("without the semaphore, most calls are refused", async () => {
  const [calls] = linesOf(
    await example("rate-limited-api.js", ["--unlimited"], await testServer()),
  );
  const [, refused] = /^40 calls from 4 processes, (\d+) refused$/.exec(calls ?? "") ?? [];
  expect(Number(refused)).toBeGreaterThan(0);
});
