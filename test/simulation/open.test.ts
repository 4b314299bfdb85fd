/** What the simulator finds and nobody has mended yet. What is mended goes elsewhere, without `fails`. */

import { test } from "vitest";
import { simulate } from "./simulate.js";

// A report that tells less than was applied confirms what it does not answer; that is never asked for again.
test.fails("every wait ends though what was told is deleted", { timeout: 60_000 }, async () => {
  const plan = {
    ...{ faultMs: 100, actionMs: 20, latenciesMs: [2, 30] },
    faults: { "delete what was told": 4, "cut the leader": 1, "cut a connection": 1 },
  };
  for (let seed = 1; seed <= 20; seed++) await simulate({ seed, plan });
});
