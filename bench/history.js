// @ts-check
// What the history costs, and what asking it takes: `npm run bench -- history [PART …]`. With `--small` it has a hundredth
// of the events, and one round: that shows whether it works, not what it says.

import { printHardware } from "./machine.js";

/** @typedef {{ events: number, rounds: number }} Size events of the largest history; rounds of which the median counts */

/** @type {Record<string, (size: Size) => Promise<void>>} */
const PARTS = {
  query: async (size) => (await import("./history/query.js")).query(size),
  file: async (size) => (await import("./history/file.js")).file(size),
  memory: async (size) => (await import("./history/memory-cost.js")).memoryCost(size),
  redis: async (size) => (await import("./history/redis-cost.js")).redisCost(size),
};

const FULL = { events: 1_000_000, rounds: 5 };
const SMALL = { events: 10_000, rounds: 1 };

/** @param {readonly string[]} words none for all */
export async function run(words) {
  const names = words.filter((word) => word !== "--small");
  const unknown = names.filter((name) => !(name in PARTS));
  if (unknown.length > 0) {
    console.error(`no such part: ${unknown}. There are: ${Object.keys(PARTS).join(", ")}`);
    process.exit(64);
  }
  const size = words.includes("--small") ? SMALL : FULL;
  printHardware();
  console.log(
    `medians of ${size.rounds} rounds; processor time is that of all threads of a process`,
  );
  for (const [name, part] of Object.entries(PARTS)) {
    if (names.length === 0 || names.includes(name)) await part(size);
  }
}
