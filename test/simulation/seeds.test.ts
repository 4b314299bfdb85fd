/** Some worlds, each with its own faults. `sim.whole.test.ts` has a thousand, and `npm run sim` as many as one likes. */

import { test } from "vitest";
import { simulate } from "./simulate.js";

test.each([1, 2, 3, 4, 5, 6])(
  "nothing goes wrong in world %i",
  { timeout: 300_000 },
  async (seed) => {
    await simulate({ seed });
  },
);
