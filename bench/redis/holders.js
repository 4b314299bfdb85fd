// @ts-check
// 100,000 live acquisitions: what they cost Redis and the leader, and how long it takes until another
// one leads them on. Only slotstream has a leader, so nobody stands beside it.

import { median } from "../measure.js";
import { Child, residentBytes, within } from "../processes.js";
import { figure, megabytes, millis, printTable } from "../table.js";
import { built, NAMESPACE, startStandby } from "./leader.js";
import { OURS, ROUNDS, withRedis } from "./setting.js";

const CHILD = new URL("./library-child.js", import.meta.url);
const SEMAPHORES = 100;
const SLOTS = 1000;
/** Whoever waits longer than this for a leader waits for a defect. */
const PROBE_MS = 60_000;
const LIVE = SEMAPHORES * SLOTS;

export async function holders() {
  if (!built) return;
  await withRedis(OURS, async (server, first) => {
    if (!first) return;
    const client = await Child.start(CHILD);
    const prober = await Child.start(CHILD);
    for (const child of [client, prober]) await child.call("open", "slotstream", server.url);
    await probe(prober);
    const before = { redis: await usedBytes(server), leader: residentBytes(first.pid) };
    const start = performance.now();
    await client.call("takeAll", SEMAPHORES, SLOTS);
    const seconds = (performance.now() - start) / 1000;
    printTable(
      `${figure(LIVE)} live acquisitions on ${SEMAPHORES} semaphores`,
      ["", ""],
      [
        ["acquired, a second", figure(LIVE / seconds)],
        ["leader, before", megabytes(before.leader)],
        ["leader, holding them", megabytes(residentBytes(first.pid))],
        [
          "Redis, an acquisition, in all",
          `${figure(((await usedBytes(server)) - before.redis) / LIVE)} B`,
        ],
        ...(await bytesByKey(server)),
        ...(await takeovers(server, first, prober)),
      ],
    );
    await Promise.all([client.end("SIGKILL"), prober.end("SIGKILL")]);
  });
}

/** @param {import("./server.js").RedisServer} server */
async function usedBytes({ control }) {
  const [, bytes] = /used_memory:(\d+)/.exec(await control.info("memory")) ?? [];
  return Number(bytes);
}

/** @param {import("./server.js").RedisServer} server */
async function bytesByKey({ control }) {
  /** @type {string[][]} */
  const rows = [];
  for (const key of ["acquisitions", "history", "told", "commands"]) {
    const bytes = (await control.memory("USAGE", `${NAMESPACE}:${key}`, "SAMPLES", 0)) ?? 0;
    rows.push([`  of it in ${key}`, `${figure(bytes / LIVE)} B`]);
  }
  return rows;
}

/**
 * From the end of a leader to a grant that was asked for afterwards. The next one stands by already.
 *
 * @param {import("./server.js").RedisServer} server
 * @param {import("./leader.js").Candidate} first
 * @param {Child} prober
 */
async function takeovers(server, first, prober) {
  let leader = first;
  const costs = { SIGTERM: [0], SIGKILL: [0] };
  /** @type {number[]} */
  const bytes = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (const signal of /** @type {const} */ (["SIGTERM", "SIGKILL"])) {
      const next = await startStandby(server.url);
      const leads = next.says("leading");
      const killedAt = Number(process.hrtime.bigint());
      const ended = leader.end(signal);
      costs[signal][round] = (await probe(prober)) - killedAt;
      await Promise.all([ended, leads]);
      leader = next;
      bytes.push(residentBytes(leader.pid));
    }
  }
  await leader.end();
  const { SIGTERM: handed, SIGKILL: killed } = costs;
  return [
    ["leader, after loading them", megabytes(median(bytes))],
    ["takeover, handed over (SIGTERM)", millis(median(handed))],
    ["takeover, killed (SIGKILL; the lease is 1 s)", millis(median(killed))],
    ["  the longest of all", millis(Math.max(...handed, ...killed))],
  ];
}

/** Acquires and releases; resolves with when it had the slot. @param {Child} prober @returns {Promise<number>} */
async function probe(prober) {
  const takenAt = await within(PROBE_MS, "a takeover", prober.call("take", "probe", 1));
  await prober.call("leave");
  return takenAt;
}
