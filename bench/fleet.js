// @ts-check
/**
 * A fleet that is killed at random, and the proof that it kept its promises: processes acquire, hold
 * and release slots of a few semaphores, and are killed (kill -9) and started again; each writes down
 * what it held and when. Afterwards all that is compared, holder by holder and with the history.
 *
 *   npm run fleet
 *   npm run fleet -- --seconds 60 --processes 20 --reconciler external
 *   npm run fleet -- --check DIRECTORY     checks the records of an earlier run once more
 */

import { parseArgs } from "node:util";
import { check } from "./fleet/check.js";
import { readRun } from "./fleet/records.js";
import { printReport } from "./fleet/report.js";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "30" },
    processes: { type: "string", default: "10" },
    reconciler: { type: "string", default: "embedded" },
    check: { type: "string" },
  },
});

/** @param {string} text @param {string} option */
function natural(text, option) {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  console.error(`fleet: --${option} must be a whole number from 1 to 9999, not ${text}`);
  process.exit(64);
}

async function run() {
  if (values.check !== undefined) return values.check;
  if (values.reconciler !== "embedded" && values.reconciler !== "external") {
    console.error(`fleet: --reconciler must be embedded or external, not ${values.reconciler}`);
    process.exit(64);
  }
  // Only now, since a check of old records needs neither Redis nor a build.
  const [{ runFleet }, { built }] = await Promise.all([
    import("./fleet/run.js"),
    import("./redis/leader.js"),
  ]);
  if (!built) {
    console.error("fleet: slotstream is not built. Run: npm run build");
    process.exit(69);
  }
  return runFleet({
    seconds: natural(values.seconds, "seconds"),
    processes: natural(values.processes, "processes"),
    reconciler: values.reconciler,
  });
}

const directory = await run();
const result = check(readRun(directory));
printReport(directory, result);
process.exitCode = result.violations.length > 0 ? 1 : 0;
