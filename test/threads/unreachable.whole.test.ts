/** A worker whose main thread never loaded slotstream is told so, and what to do. */

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { fixture } from "./agent.js";

const run = promisify(execFile);

test.each([
  ["nobody listens", []],
  ["only somebody else listens", ["foreign"]],
])("where %s, all rejects, until the main thread loads it", async (_who, args) => {
  const path = fileURLToPath(fixture("without.js"));
  const { stdout, stderr } = await run(process.execPath, [path, ...args], { timeout: 30_000 });
  expect(stderr).toBe("");
  const remedy = expect.stringMatching(/import "slotstream".*threads: "isolated"/);
  expect(JSON.parse(stdout)).toEqual([
    [remedy, remedy, remedy, remedy],
    [remedy, remedy, remedy, remedy],
    ["fulfilled", "fulfilled", "fulfilled", "fulfilled"],
  ]);
});

test("vitest's pool of threads is such a place", async () => {
  const vitest = fileURLToPath(new URL("vitest.mjs", import.meta.resolve("vitest/package.json")));
  const pool = fileURLToPath(fixture("pool"));
  const { stdout } = await run(process.execPath, [vitest, "run", "--root", pool]);
  expect(stdout).toMatch(/2 passed/);
});
