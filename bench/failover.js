// @ts-check
// What clients see when the leading process is killed, or stopped past its lease and continued:
// `npm run bench -- failover`. All that they hold meanwhile is written down and checked.

import { setTimeout } from "node:timers/promises";
import { check } from "./fleet/check.js";
import { Crew } from "./fleet/crew.js";
import { readRun } from "./fleet/records.js";
import { printReport } from "./fleet/report.js";
import { stallsOf } from "./fleet/stalls.js";
import { printMachine } from "./machine.js";
import { quantile } from "./measure.js";
import { built } from "./redis/leader.js";
import { Leaders } from "./redis/leaders.js";
import { figure, millis, printTable, printTarget } from "./table.js";

const FAULTS = 20;
const CLIENTS = 4;
/** Between faults, at random up to twice that: they shall meet every moment of a lease. */
const CALM_MS = 500;
const P99_MS = 1500;

const WORK = /** @type {const} */ ({
  reconciler: "external",
  values: { api: 3, database: 2, deploy: 1, mail: 5, reports: 4 },
  loops: 10,
  heartbeatMaxIntervalMs: 15_000,
  holdMs: 20,
  restMs: 5,
});

export async function run() {
  await printMachine();
  if (!built) return;
  await series("kill -9 of the leading process", (leaders) => leaders.kill());
  await series("SIGSTOP of the leading process until another one leads, then SIGCONT", (leaders) =>
    leaders.pause(),
  );
}

/** @param {string} title @param {(leaders: Leaders) => Promise<number>} fault */
async function series(title, fault) {
  const crew = await Crew.start(CLIENTS, WORK);
  const leaders = await Leaders.start(crew.server.url);
  /** @type {number[]} */
  const faults = [];
  for (let i = 0; i < FAULTS; i++) {
    await crew.grants(100);
    await setTimeout(2 * CALM_MS * Math.random());
    faults.push(await fault(leaders));
  }
  await crew.grants(100);
  await crew.finish();
  await leaders.end();
  await crew.server.stop();
  print(title, crew.directory, faults);
}

/** @param {string} title @param {string} directory @param {number[]} faults */
function print(title, directory, faults) {
  const run = readRun(directory);
  const result = check(run);
  const stalls = stallsOf(run, faults).map((us) => us * 1000);
  const lost = result.checked["slots lost while their holder lived"] ?? Number.NaN;
  printTable(
    `${FAULTS} × ${title}; ${CLIENTS} clients of 10 loops at work`,
    [
      "stall: the longest time without a grant, of each client at each fault",
      "of",
      "p50",
      "p99",
      "max",
    ],
    [["", figure(stalls.length), ...[0.5, 0.99, 1].map((q) => millis(quantile(stalls, q)))]],
  );
  printReport(directory, result);
  printTarget("p99 of the stall below 1.5 s", quantile(stalls, 0.99) < P99_MS * 1e6);
  printTarget(
    `slots granted twice, or anything else that must not be: 0 (${result.violations.length})`,
    result.violations.length === 0,
  );
  printTarget(`acquisitions lost: 0 (${lost})`, lost === 0);
}
