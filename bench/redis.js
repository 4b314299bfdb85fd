// @ts-check
// What the mode on Redis costs, side by side with others: `npm run bench -- redis [PART …]`.

import { printMachine } from "./machine.js";

/** @type {Record<string, () => Promise<void>>} */
const PARTS = {
  contended: async () => (await import("./redis/contended.js")).contended(),
  "hand-off": async () => (await import("./redis/hand-off.js")).handOff(),
  uncontended: async () => (await import("./redis/uncontended.js")).uncontended(),
  pairs: async () => (await import("./redis/pairs.js")).pairs(),
  waiters: async () => (await import("./redis/waiters.js")).waiters(),
  holders: async () => (await import("./redis/holders.js")).holders(),
};

/** @param {readonly string[]} names none for all */
export async function run(names) {
  const unknown = names.filter((name) => !(name in PARTS));
  if (unknown.length > 0) {
    console.error(`no such part: ${unknown}. There are: ${Object.keys(PARTS).join(", ")}`);
    process.exit(64);
  }
  await printMachine();
  for (const [name, part] of Object.entries(PARTS)) {
    if (names.length === 0 || names.includes(name)) await part();
  }
}
