/** What the simulation once found in the product does not come back. */

import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { REGRESSIONS } from "./regressions/index.js";
import { simulate } from "./simulate.js";
import { type Counts, sumOf } from "./tally.js";

test.each(REGRESSIONS)("$name", { timeout: 300_000 }, async ({ plan, seeds, reaches }) => {
  const reached: Counts[] = [];
  for (let seed = seeds.first; seed < seeds.first + seeds.count; seed++) {
    const world = await simulate({ seed, plan });
    reached.push(world.sightings.reached.counts);
  }
  const all = sumOf(reached);
  for (const path of reaches) expect(all[path], path).toBeGreaterThan(0);
});

test("every one has its file, and every file is run", () => {
  const files = readdirSync(new URL("regressions", import.meta.url));
  const others = ["index.ts", "regression.ts"];
  expect(files.filter((file) => !others.includes(file))).toHaveLength(REGRESSIONS.length);
});
