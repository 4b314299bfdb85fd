/** Some hundred worlds, each with its own faults. More of them, and longer ones: `npm run sim`. */

import { test } from "vitest";
import { simulate } from "./simulate.js";

const GROUPS = 8;
const SEEDS_PER_GROUP = 25;

const firsts = Array.from({ length: GROUPS }, (_, group) => 1 + group * SEEDS_PER_GROUP);

test.each(firsts)(
  "nothing goes wrong in the worlds from %i on",
  { timeout: 60_000 },
  async (first) => {
    for (let seed = first; seed < first + SEEDS_PER_GROUP; seed++) await simulate({ seed });
  },
);

test("every wait ends though what was told is deleted", { timeout: 60_000 }, async () => {
  const plan = {
    ...{ faultMs: 100, actionMs: 20, latenciesMs: [2, 30] },
    faults: { "delete what was told": 4, "cut the leader": 1, "cut a connection": 1 },
  };
  for (let seed = 1; seed <= 20; seed++) await simulate({ seed, plan });
});
