/** A pause ends in time, or when its signal says so, and leaves nothing behind. */

import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { SimulatedClock } from "../src/memory/simulated-clock.js";
import { rest } from "../src/rest.js";
import { turn } from "./support/memory-promises.js";

function given(signal?: AbortSignal) {
  const clock = new SimulatedClock(1_000);
  const seen = { ended: false };
  const resting = rest(clock, 200, signal, false).then(() => {
    seen.ended = true;
  });
  return { clock, seen, resting };
}

test("it ends after its time, and not before", async () => {
  const { signal } = new AbortController();
  const { clock, seen, resting } = given(signal);
  clock.advance(199);
  await turn();
  expect(seen.ended).toBe(false);
  clock.advance(1);
  await resting;
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("it ends when the signal aborts", async () => {
  const controller = new AbortController();
  const { seen, resting } = given(controller.signal);
  await turn();
  expect(seen.ended).toBe(false);
  controller.abort();
  await resting;
});

test("it does not begin once the signal has aborted", async () => {
  const { resting } = given(AbortSignal.abort());
  await resting;
});
