// @ts-check
// Throughput of one client process: acquire + release pairs a second, by how many loops run at the
// same time, each on a semaphore of its own.

import { median } from "../measure.js";
import { Child } from "../processes.js";
import { figure, printTable, printTarget, ratio } from "../table.js";
import { contenders, ROUNDS, withRedis } from "./setting.js";

const CHILD = new URL("./library-child.js", import.meta.url);
const LOOPS = [1, 10, 100, 1000];
const MS = 1000;
/** Ours to the peer's, by loops. @type {Record<number, number>} */
const WANTED = { 100: 0.9, 1000: 1.2 };
const PEER = "redis-semaphore";

export async function pairs() {
  const names = contenders([PEER]);
  /** @type {Map<string, number[]>} by name and loops */
  const found = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) await withRedis(name, ({ url }) => measure(name, url, found));
  }
  const of = (/** @type {string} */ name, /** @type {number} */ loops) =>
    median(found.get(`${name} ${loops}`) ?? []);
  printTable(
    "pairs a second, loops on distinct semaphores, one client process",
    ["loops", ...names, "ratio"],
    LOOPS.map((loops) => [
      figure(loops),
      ...names.map((name) => figure(of(name, loops))),
      ratio(of("slotstream", loops) / of(PEER, loops)),
    ]),
  );
  if (!names.includes("slotstream")) return;
  for (const [loops, wanted] of Object.entries(WANTED)) {
    const reached = of("slotstream", Number(loops)) / of(PEER, Number(loops));
    printTarget(`at ${loops} loops at least ${wanted} × ${PEER}'s`, reached >= wanted);
  }
}

/** @param {string} name @param {string} url @param {Map<string, number[]>} found */
async function measure(name, url, found) {
  const child = await Child.start(CHILD);
  await child.call("open", name, url);
  await child.call("pairs", 10, MS / 2);
  for (const loops of LOOPS) {
    const key = `${name} ${loops}`;
    found.set(key, [...(found.get(key) ?? []), await child.call("pairs", loops, MS)]);
  }
  await child.end();
}
