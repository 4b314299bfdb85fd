// @ts-check
// What an acquire costs that finds a free slot, as a multiple of a PING from the same process.

import { median, quantile } from "../measure.js";
import { Child } from "../processes.js";
import { micros, printTable, printTarget, ratio } from "../table.js";
import { built } from "./leader.js";
import { contenders, OURS, ROUNDS, withRedis } from "./setting.js";

const CHILD = new URL("./library-child.js", import.meta.url);
const SAMPLES = 1000;

export async function uncontended() {
  const names = ["PING", ...contenders()];
  /** @type {Map<string, number[]>} */
  const found = new Map(names.map((name) => [name, []]));
  await withRedis(built ? OURS : "", async ({ url }) => {
    for (let round = 0; round <= ROUNDS; round++) {
      for (const name of names) {
        const p50 = quantile(await sample(name, url), 0.5);
        if (round > 0) found.get(name)?.push(p50);
      }
    }
  });
  const ping = found.get("PING") ?? [];
  /** Each round against its own PING: what disturbs the one disturbs the other. */
  const toPing = (/** @type {string} */ name) =>
    median((found.get(name) ?? []).map((p50, round) => p50 / (ping[round] ?? Number.NaN)));
  printTable(
    "uncontended acquire, one after the other",
    ["", "p50", "to PING"],
    names.map((name) => [name, micros(median(found.get(name) ?? [])), ratio(toPing(name))]),
  );
  if (names.includes("slotstream")) printTarget("at most 2.6 × PING", toPing("slotstream") <= 2.6);
}

/** @param {string} name @param {string} url @returns {Promise<number[]>} */
async function sample(name, url) {
  const child = await Child.start(CHILD);
  if (name === "PING") {
    await child.call("pings", url, SAMPLES / 2);
    const costs = await child.call("pings", url, SAMPLES);
    await child.end();
    return costs;
  }
  await child.call("open", name, url);
  await child.call("acquireAlone", SAMPLES / 2);
  const costs = await child.call("acquireAlone", SAMPLES);
  await child.end();
  return costs;
}
