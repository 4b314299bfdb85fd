/** What `npm run sim` runs. */

import { test } from "vitest";
import { simulate } from "./simulate.js";

const { SIM_SEED, SIM_COUNT, SIM_STEPS } = process.env;
const first = Number(SIM_SEED);
const count = Number(SIM_COUNT || 1);
const actions = SIM_STEPS ? Number(SIM_STEPS) : undefined;

test.skipIf(SIM_SEED === undefined)(
  `worlds from ${first} on, ${count} of them`,
  { timeout: 24 * 3600 * 1000 },
  async () => {
    for (let seed = first; seed < first + count; seed++) {
      const { timeline, chronicle } = await simulate({ seed, actions });
      const seconds = Math.round(timeline.now / 1000);
      console.log(`seed ${seed}: ${chronicle.length} lines in ${seconds} simulated seconds`);
    }
  },
);
