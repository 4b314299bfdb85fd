// @ts-check
// All that happened to one acquisition, and the last ten events, out of a history of a tenth of the largest.

import { MemoryCoordinator, RedisCoordinator } from "slotstream";
import { median } from "../measure.js";
import { startRedis } from "../redis/server.js";
import { figure, millis, printTable } from "../table.js";
import { collect, EVENTS_A_PAIR, fill } from "./fill.js";

const NEWEST = 10;

/** @param {import("../history.js").Size} size */
export async function query({ events: most, rounds }) {
  const events = most / 10;
  const historyRetention = 2 * events;
  const memory = new MemoryCoordinator({ threads: "isolated", historyRetention });
  const rows = [["in memory", ...(await measure(memory, events, rounds))]];
  await memory.close();
  const server = await startRedis();
  const redis = new RedisCoordinator({ url: server.url, historyRetention });
  rows.push(["on Redis", ...(await measure(redis, events, rounds))]);
  await redis.close();
  await server.stop();
  printTable(
    `asking a history of ${figure(events)} events`,
    ["", "all events of one acquisition", `the last ${NEWEST}`],
    rows,
  );
}

/** @param {import("slotstream").Coordinator} coordinator @param {number} events @param {number} rounds */
async function measure(coordinator, events, rounds) {
  const ids = await fill(coordinator, events);
  const acquisition = ids[Math.floor(ids.length / 2)] ?? "";
  const queries = [
    { query: { acquisition }, found: EVENTS_A_PAIR },
    { query: { reverse: true, limit: NEWEST }, found: NEWEST },
  ];
  /** @type {number[][]} */
  const times = queries.map(() => []);
  // The first round only warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const [index, { query, found }] of queries.entries()) {
      const start = process.hrtime.bigint();
      const count = (await collect(coordinator.history(query))).length;
      const ns = Number(process.hrtime.bigint() - start);
      if (count !== found) throw new Error(`${count} events, though there are ${found}`);
      if (round > 0) times[index]?.push(ns);
    }
  }
  return times.map((ns) => millis(median(ns), 1));
}
