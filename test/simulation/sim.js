/** `npm run sim -- --seed 7 [--count N] [--steps N] [--lines N]`: runs worlds by hand, also many and long ones. */

import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "1" },
    steps: { type: "string", default: "" },
    lines: { type: "string", default: "" },
  },
});

const { status } = spawnSync(
  process.execPath,
  ["node_modules/vitest/vitest.mjs", "run", "--project", "fast", "test/simulation/by-hand.test.ts"],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      SIM_SEED: values.seed,
      SIM_COUNT: values.count,
      SIM_STEPS: values.steps,
      SIM_LINES: values.lines,
    },
  },
);
process.exitCode = status ?? 1;
