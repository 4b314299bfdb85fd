/**
 * The simulator as plain JavaScript, in a folder of its own that is deleted when this process ends. Called by
 * `npm run sim`, and by the test of the mutations, which needs one more copy for each of them.
 */

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SOURCE = join(ROOT, "test/simulation/tsconfig.json");
/** Below `node_modules`, so that its imports are found; a folder for each run, so that none disturbs another. */
const CACHE = join(ROOT, "node_modules/.cache/slotstream-simulation");
/** @type {Set<string>} */
const folders = new Set();
process.on("exit", () => folders.forEach(remove));

/** What to run, below the folder. */
export const MAIN = "test/simulation/runner/main.js";

/** @returns {string} the folder */
export function compile() {
  const folder = newFolder();
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const typescript = createRequire(import.meta.url).resolve("typescript/package.json");
  const tsc = join(dirname(typescript), "bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", SOURCE, "--outDir", folder], { stdio: "inherit" });
  return folder;
}

/**
 * A copy of what was compiled.
 *
 * @param {string} compiled
 */
export function copyOf(compiled) {
  const folder = newFolder();
  cpSync(compiled, folder, { recursive: true });
  return folder;
}

/**
 * Builds a mistake into what was compiled.
 *
 * @param {string} folder
 * @param {import("./mutations/mutation.js").Mutation} mutation
 */
export function mutate(folder, { name, file, find, replace }) {
  const path = join(folder, file);
  const [before, after, ...more] = readFileSync(path, "utf8").split(find);
  if (before === undefined || after === undefined || more.length > 0) {
    const times = after === undefined ? "not there" : `there ${more.length + 1} times`;
    throw new Error(`mutation ${name}: what it replaces in ${file} is ${times}:\n${find}`);
  }
  writeFileSync(path, before + replace + after);
}

/** @param {string} folder */
export function remove(folder) {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}

function newFolder() {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, "run-"));
  folders.add(folder);
  return folder;
}
