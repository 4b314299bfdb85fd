/**
 * A simulator that cannot fail is a defect. Each deliberate mistake must be found by the worlds that the first
 * seeds make, by an invariant, and docs/guides/simulation.md says by which; `UPDATE_MUTATIONS=1` writes that.
 * That the same worlds are clean without it, `sim.whole.test.ts` shows.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MemorySemaphore } from "../../src/index.js";
import { compile, copyOf, mutate, remove } from "./compile.js";
import { MUTATIONS } from "./mutations/catalogue.js";
import { type Find, hunt } from "./mutations/hunt.js";
import { seedIn, tableIn, tableOf, withoutSeeds, withTable } from "./mutations/table.js";

const SEEDS = 200;
/** They wait for each other. */
const TIMEOUT_MS = 600_000;
const GUIDE = new URL("../../docs/guides/simulation.md", import.meta.url);

const cores = new MemorySemaphore({ name: "cores", value: 2 });
const finds = new Map<string, Find>();
const guide = readFileSync(GUIDE, "utf8");
let compiled = "";

beforeAll(() => {
  compiled = compile();
});

afterAll(() => remove(compiled));

test.concurrent.each(MUTATIONS)("it is found: $name", { timeout: TIMEOUT_MS }, async (mutation) => {
  const folder = copyOf(compiled);
  mutate(folder, mutation);
  // Else each run would go the long way again.
  const known = process.env.UPDATE_MUTATIONS ? undefined : seedIn(tableIn(guide), mutation.name);
  const find = await cores.use(() => hunt(folder, SEEDS, known));
  remove(folder);
  expect(mutation.foundBy, find?.message).toContain(find?.invariant);
  if (find) finds.set(mutation.name, find);
});

test("the guide has them all, and says by which seed each was found", () => {
  const table = tableOf(MUTATIONS, finds);
  if (process.env.UPDATE_MUTATIONS) writeFileSync(GUIDE, withTable(guide, table));
  // Seeds make other worlds once anything is mended; then it may be another one.
  else expect(withoutSeeds(tableIn(guide))).toBe(withoutSeeds(table));
});
