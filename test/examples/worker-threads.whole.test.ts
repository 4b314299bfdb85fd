/** Threads share a limit, in memory and on Redis. */

import { expect, test } from "vitest";
import { example, linesOf, testServer } from "./support.js";

/** One, if the machine is so busy that threads start later than others end. */
const TWO_AT_A_TIME = [
  expect.stringMatching(/^6 threads computed, at most [12] at a time$/),
  "0 slots are held now",
];

test("in memory", async () => {
  expect(linesOf(await example("worker-threads.js", []))).toEqual(TWO_AT_A_TIME);
});

test("on Redis", async () => {
  const ended = await example("worker-threads.js", [], await testServer());
  expect(linesOf(ended)).toEqual(TWO_AT_A_TIME);
});
