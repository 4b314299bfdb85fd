// @ts-check
// What waiting costs Redis: 1,000 waiters in one process, then 100 in each of ten, while nothing happens.

import { setTimeout } from "node:timers/promises";
import { Child } from "../processes.js";
import { figure, printTable, printTarget } from "../table.js";
import { difference, readStats } from "./command-stats.js";
import { countCommands, mostFrequent, total } from "./monitor.js";
import { contenders, OURS, withRedis } from "./setting.js";

const CHILD = new URL("./library-child.js", import.meta.url);
const IDLE_MS = 10_000;
const MOST = 50;
/** MONITOR would drown in more a second, and slow down what it counts. */
const TOO_MANY = 1000;
const CROWDS = /** @type {const} */ ([
  [1, 1000],
  [10, 100],
]);

/** Commands a second. @typedef {{ ran: number, sent: number, mostly: string }} Rates */

export async function waiters() {
  /** @type {string[][]} */
  const rows = [];
  /** @type {number[]} */
  const ours = [];
  for (const [processes, each] of CROWDS) {
    for (const name of contenders(["redis-semaphore"])) {
      const rates = await withRedis(name, (server) => idle(name, server, processes, each));
      if (name === OURS) ours.push(rates.sent);
      const what = `${figure(each)} in each of ${processes}, ${name}`;
      rows.push([what, figure(rates.ran, 1), figure(rates.sent, 1), rates.mostly]);
    }
  }
  printTable(
    `waiters of one semaphore, idle for ${IDLE_MS / 1000} s; commands a second`,
    ["", "run", "sent by clients", "the most frequent, in all"],
    rows,
  );
  console.log("  run: INFO commandstats, what scripts run included");
  console.log(
    `  sent: MONITOR lines not marked lua, in as many seconds more, where fewer than ${figure(TOO_MANY)} are run`,
  );
  if (ours.length > 0) {
    printTarget(`at most ${MOST} commands a second sent`, Math.max(...ours) <= MOST);
  }
}

/**
 * @param {string} library
 * @param {import("./server.js").RedisServer} server
 * @param {number} processes
 * @param {number} each
 * @returns {Promise<Rates>}
 */
async function idle(library, server, processes, each) {
  const children = await Child.startMany(processes + 1, CHILD);
  for (const child of children) await child.call("open", library, server.url);
  const [holder, ...waiting] = children;
  await holder?.call("take", "full", 1);
  await Promise.all(waiting.map((child) => child.call("wait", "full", 1, each)));
  // All have asked when each process has finished a turn of its loop; a second of distance keeps what
  // that causes out of the measurement.
  await Promise.all(waiting.map((child) => child.call("ping")));
  await setTimeout(1000);
  const before = await readStats(server.control);
  await setTimeout(IDLE_MS);
  const counts = difference(before, await readStats(server.control));
  const ran = total(counts) / (IDLE_MS / 1000);
  const sent = ran < TOO_MANY ? await sentByClients(server) : Number.NaN;
  await Promise.all(children.map((child) => child.end("SIGKILL")));
  return { ran, sent, mostly: mostFrequent(counts) };
}

/** @param {import("./server.js").RedisServer} server */
async function sentByClients({ control }) {
  const counting = await countCommands(control);
  await setTimeout(IDLE_MS);
  return total(await counting.stop()) / (IDLE_MS / 1000);
}
