/** Forgetting must not cost more than it saves. */

import { expect, test } from "vitest";
import { State } from "../../src/core/state.js";
import { step } from "../../src/core/step.js";
import { acquire, release } from "../support/commands.js";

test("names that are used once, one after the other, cost a sweep every ten seconds", () => {
  const state = new State();
  let number = 0;
  let sweeps = 0;
  for (let at = 0; at < 120_000; at += 10) {
    const id = `a${at}`;
    for (const asked of [acquire(id, { on: `name-${at}` }), release(id)]) {
      const events = step(state, { ...asked, number: ++number }, at);
      sweeps += events.filter(({ type }) => type === "swept").length;
    }
  }
  expect(sweeps).toBe(6);
  expect(state.semaphores.size).toBeLessThanOrEqual(7_000);
});
