/** Some worlds, each with its own faults. More of them, and longer ones: `npm run sim`. */

import { test } from "vitest";
import { simulate } from "./simulate.js";

const GROUPS = 2;
const SEEDS_PER_GROUP = 10;

const firsts = Array.from({ length: GROUPS }, (_, group) => 1 + group * SEEDS_PER_GROUP);

test.each(firsts)(
  "nothing goes wrong in the worlds from %i on",
  { timeout: 300_000 },
  async (first) => {
    for (let seed = first; seed < first + SEEDS_PER_GROUP; seed++) await simulate({ seed });
  },
);
