// @ts-check
// 40 jobs of 100 ms at limit 2, asked for in 5 processes: how long it takes, what it costs Redis, and
// in which order they start. Each process asks for its share at once, 20 ms after the one before.

import { median } from "../measure.js";
import { Child } from "../processes.js";
import { figure, millis, printTable, printTarget, ratio } from "../table.js";
import { readEvents } from "./history.js";
import { countCommands, mostFrequent, total } from "./monitor.js";
import { contenders, ROUNDS, withRedis } from "./setting.js";

const PROCESSES = 5;
const JOBS = 40;
const JOB_MS = 100;
const LIMIT = 2;
const APART_MS = 20;
const CLEARLY_LATER_NS = 10e6;
const CLEARLY_EARLIER_NS = (JOB_MS / 2) * 1e6;
const IDEAL_MS = (JOBS / LIMIT) * JOB_MS;

/**
 * @typedef {{ job: number, askedAt: number, startedAt: number, endedAt: number }} Job times in nanoseconds
 * @typedef {{ ms: number, commands: number, mostly: string, overtaken: number, unfair: number }} Outcome
 */

export async function contended() {
  const names = contenders(["redis-semaphore", "bottleneck", "bullmq"]);
  /** @type {Map<string, Outcome[]>} */
  const outcomes = new Map(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names)
      outcomes.get(name)?.push(await withRedis(name, (server) => once(name, server)));
  }
  print(outcomes);
}

/** @param {string} library @param {import("./server.js").RedisServer} server @returns {Promise<Outcome>} */
async function once(library, server) {
  const module = new URL("./contended-child.js", import.meta.url);
  const children = await Child.startMany(PROCESSES, module);
  for (const child of children) await child.call("open", library, server.url, LIMIT, JOB_MS);
  const counting = await countCommands(server.control);
  const jobs = await ask(children);
  const counts = await counting.stop();
  const unfair = library === "slotstream" ? grantsOutOfOrder(await readEvents(server)) : Number.NaN;
  await Promise.all(children.map((child) => child.end()));
  return { ...timesOf(jobs), commands: total(counts) / JOBS, mostly: mostFrequent(counts), unfair };
}

/** Asks for all jobs and resolves when the last has ended. @param {Child[]} children @returns {Promise<Job[]>} */
function ask(children) {
  /** @type {Map<number, Job>} */
  const jobs = new Map();
  const numbers = Array.from({ length: JOBS }, (_, job) => job);
  return new Promise((resolve, reject) => {
    let ended = 0;
    const share = JOBS / PROCESSES;
    children.forEach((child, i) => {
      child.onTold = (/** @type {Job} */ told) => {
        jobs.set(told.job, { ...jobs.get(told.job), ...told });
        if (told.endedAt && ++ended === JOBS) resolve([...jobs.values()]);
      };
      const own = numbers.slice(i * share, (i + 1) * share);
      child.call("ask", own, i * APART_MS).catch(reject);
    });
  });
}

/** @param {Job[]} jobs */
function timesOf(jobs) {
  const from = Math.min(...jobs.map(({ askedAt }) => askedAt));
  const to = Math.max(...jobs.map(({ endedAt }) => endedAt));
  // What lies closer together than these may be the machine's doing, and says nothing about turns.
  const overtaken = jobs.filter((job) =>
    jobs.some(
      (other) =>
        other.askedAt > job.askedAt + CLEARLY_LATER_NS &&
        other.startedAt < job.startedAt - CLEARLY_EARLIER_NS,
    ),
  );
  return { ms: (to - from) / 1e6, overtaken: overtaken.length };
}

/** Grants that another acquire should have had, by arrival in the log, or that are not there. @param {import("./history.js").AnyEvent[]} events */
function grantsOutOfOrder(events) {
  const ids = (/** @type {string} */ type) =>
    events
      .filter((event) => event.type === type && event.semaphore === "jobs")
      .map(({ acquisition }) => acquisition);
  const queued = ids("queued");
  const granted = ids("granted");
  const missing = JOBS - granted.length;
  return missing + granted.filter((id, i) => id !== queued[i]).length;
}

/** @param {Map<string, Outcome[]>} outcomes */
function print(outcomes) {
  const middle = (
    /** @type {Outcome[]} */ all,
    /** @type {"ms" | "commands" | "overtaken"} */ key,
  ) => median(all.map((outcome) => outcome[key]));
  const rows = [...outcomes].map(([name, all]) => [
    name,
    millis(middle(all, "ms") * 1e6),
    ratio(middle(all, "ms") / IDEAL_MS),
    figure(middle(all, "commands"), 1),
    figure(middle(all, "overtaken")),
    all[0]?.mostly ?? "",
  ]);
  printTable(
    `contended: ${JOBS} jobs × ${JOB_MS} ms at limit ${LIMIT}, asked for in ${PROCESSES} processes`,
    [
      "",
      "time",
      "of the ideal",
      "commands a job",
      "jobs overtaken",
      "the most frequent of all commands",
    ],
    rows,
  );
  console.log(
    "  commands: MONITOR lines not marked lua, from the first job on, the leader's included",
  );
  console.log("  overtaken: a job asked for 10 ms later began 50 ms earlier");
  const ours = outcomes.get("slotstream");
  if (!ours) return;
  const best = Math.min(
    ...[...outcomes].filter(([, all]) => all !== ours).map(([, all]) => middle(all, "ms")),
  );
  const unfair = Math.max(...ours.map((outcome) => outcome.unfair));
  printTarget(`grants out of the log's order: none (${unfair} found)`, unfair === 0);
  printTarget("at most 4 commands a job", middle(ours, "commands") <= 4);
  printTarget("no slower than the best peer, within 1 %", middle(ours, "ms") <= best * 1.01);
}
