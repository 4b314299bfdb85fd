/**
 * `npm run sim`: compiles the simulator and runs it, without a test runner in between, on whatever Node
 * this is. What can be asked for: `runner/flags.ts`; and `--mutation NAME`, which builds a mistake in.
 */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compile, MAIN, mutate } from "./compile.js";

const CATALOGUE = "test/simulation/mutations/catalogue.js";
const WRONG_USAGE = 64;

const args = process.argv.slice(2);
const place = args.indexOf("--mutation");
const asked = place < 0 ? undefined : args.splice(place, 2)[1];
const isMutated = place >= 0;
const folder = compile();
if (!isMutated || (await buildIn(asked))) run();

function run() {
  const child = spawn(process.execPath, [join(folder, MAIN), ...args], { stdio: "inherit" });
  // Who ends a run by hand ends both; what was compiled is deleted then as well.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}

/**
 * Whether there is something to run then.
 *
 * @param {string | undefined} name
 */
async function buildIn(name) {
  /** @type {{ MUTATIONS: readonly import("./mutations/mutation.js").Mutation[] }} */
  const { MUTATIONS } = await import(pathToFileURL(join(folder, CATALOGUE)).href);
  const mutation = MUTATIONS.find((other) => other.name === name);
  if (mutation) {
    console.error(`With a mistake, ${mutation.name}: ${mutation.wrong}\n`);
    mutate(folder, mutation);
  } else if (name === "list") {
    for (const { name, wrong } of MUTATIONS) console.log(`${name.padEnd(32)} ${wrong}`);
  } else {
    console.error(`sim: there is no mutation "${name ?? ""}". See --mutation list.`);
    process.exitCode = WRONG_USAGE;
  }
  return mutation !== undefined;
}
