// @ts-check
// What it costs to be watched: acquire and release with nobody listening, with a subscriber on every channel,
// with metrics, with traces, with an inspector at which somebody looks, as XState actors.
// `npm run bench -- observe [memory] [redis]`.

import { setImmediate as nextTurn } from "node:timers/promises";
import { MemoryCoordinator, MemorySemaphore } from "slotstream";
import { printMachine } from "./machine.js";
import { compare, median } from "./measure.js";
import { attachTo, observe, optionsOf, WAYS } from "./observe/ways.js";
import { Child } from "./processes.js";
import { OURS, ROUNDS, withRedis } from "./redis/setting.js";
import { figure, micros, printTable, ratio } from "./table.js";

const CHILD = new URL("./observe/child.js", import.meta.url);
const OPERATIONS = 20_000;
/** So often others get their turn, such as an inspector; each pair is three events at most. */
const TURN = 500;
const RETENTION = 4 * OPERATIONS;
const LOOPS = 100;
const PAIRS = 20_000;

/** @type {Record<string, () => Promise<void>>} */
const PARTS = { memory, redis };

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

async function memory() {
  const watched = await Promise.all(WAYS.map(watchedInMemory));
  const contenders = Object.fromEntries(watched.map(({ way, run }) => [way, run]));
  const costs = await compare(contenders, { operations: OPERATIONS });
  for (const { end } of watched) await end();
  const nothing = costs.get("nothing") ?? Number.NaN;
  printTable(
    "in memory: acquire + release, uncontended; medians of 7 rounds",
    ["watched by", "ns", "to nothing"],
    [...costs].map(([way, ns]) => [way, figure(ns), ratio(ns / nothing)]),
  );
}

/** Each has a log of its own, so that an inspector sees its own alone. @param {string} way */
async function watchedInMemory(way) {
  const coordinator = new MemoryCoordinator({ threads: "isolated", historyRetention: RETENTION });
  const options = { name: "bench", value: 1, coordinator, ...optionsOf(way) };
  const semaphore = new MemorySemaphore(options);
  const onlooker = await attachTo(way, coordinator);
  return {
    way,
    async run(/** @type {number} */ operations) {
      const end = observe(way);
      for (let i = 1; i <= operations; i++) {
        const slot = await semaphore.acquire();
        slot.release();
        if (i % TURN === 0) await nextTurn();
      }
      await onlooker.settle();
      await end();
    },
    end: onlooker.end,
  };
}

/** A process for each, and a leader of its own in yet another one, which nobody watches. */
async function redis() {
  /** @type {Map<string, { alone: number, aSecond: number, cpuNs: number }[]>} */
  const found = new Map(WAYS.map((way) => [way, []]));
  await withRedis(OURS, async ({ url }) => {
    for (let round = 1; round <= ROUNDS; round++) {
      for (const [way, rounds] of found) {
        const child = await Child.start(CHILD);
        await child.call("open", url, way);
        const alone = await child.call("acquireAlone", 500);
        rounds.push({ alone, ...(await child.call("pairs", LOOPS, PAIRS)) });
        await child.call("close");
        await child.end();
      }
    }
  });
  const rows = WAYS.map((way) => {
    const rounds = found.get(way) ?? [];
    const alone = median(rounds.map((one) => one.alone));
    const cpuNs = median(rounds.map((one) => one.cpuNs));
    return { way, alone, cpuNs, aSecond: median(rounds.map((one) => one.aSecond)) };
  });
  const [nothing] = rows;
  printTable(
    `on Redis, one client; medians of ${ROUNDS} rounds; pairs with ${LOOPS} loops`,
    ["watched by", "acquire, p50", "ratio", "pairs/s", "ratio", "own work a pair", "ratio"],
    rows.map(({ way, alone, aSecond, cpuNs }) => [
      way,
      micros(alone),
      ratio(alone / (nothing?.alone ?? Number.NaN)),
      figure(aSecond),
      ratio(aSecond / (nothing?.aSecond ?? Number.NaN)),
      micros(cpuNs),
      ratio(cpuNs / (nothing?.cpuNs ?? Number.NaN)),
    ]),
  );
}
