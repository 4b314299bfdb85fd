// @ts-check
// Lets a fleet work while processes are killed at random, and returns where its records are.

import { setTimeout } from "node:timers/promises";
import { Candidate } from "../redis/leader.js";
import { redisVersion } from "../redis/server.js";
import { Crew } from "./crew.js";

const VALUES = { api: 3, database: 2, deploy: 1, mail: 5, reports: 1 };
const CRASH_EVERY_MS = [100, 500];
/** A dedicated reconciler is killed after so many clients. */
const CRASHES_A_LEADER = 10;
const WORK = { values: VALUES, loops: 3, heartbeatMaxIntervalMs: 1000, holdMs: 100, restMs: 20 };

/** @param {{ seconds: number, processes: number, reconciler: "embedded" | "external" }} options */
export async function runFleet({ seconds, processes, reconciler }) {
  const version = redisVersion();
  console.log(`${processes} processes, ${seconds} s, reconciler ${reconciler}, Redis ${version}`);
  const crew = await Crew.start(processes, { ...WORK, reconciler });
  const candidates = new Candidates(crew.server.url, reconciler === "external" ? 2 : 0);
  const telling = setInterval(() => console.log(progress(crew, processes)), 5000);
  const until = performance.now() + seconds * 1000;
  /** @type {Promise<void>[]} */
  const restarts = [];
  for (let crash = 1; performance.now() < until; crash++) {
    await setTimeout(between(CRASH_EVERY_MS));
    restarts.push(crew.crash(Math.floor(Math.random() * processes)));
    if (crash % CRASHES_A_LEADER === 0) restarts.push(candidates.crashLeader());
  }
  await Promise.all(restarts);
  await crew.finish();
  clearInterval(telling);
  console.log(progress(crew, processes));
  await candidates.end();
  await crew.server.stop();
  return crew.directory;
}

/** Dedicated reconcilers; none if the clients lead themselves. */
class Candidates {
  /** @type {Candidate[]} */
  #candidates;
  #url;

  /** @param {string} url @param {number} count */
  constructor(url, count) {
    this.#url = url;
    this.#candidates = Array.from({ length: count }, () => new Candidate(url));
  }

  /** Kills one that leads, if any does, and starts another one. */
  async crashLeader() {
    const leader = this.#candidates.find(({ role }) => role === "leading");
    if (leader === undefined) return;
    this.#candidates = this.#candidates.filter((candidate) => candidate !== leader);
    this.#candidates.push(new Candidate(this.#url));
    await leader.end("SIGKILL");
  }

  async end() {
    await Promise.all(this.#candidates.map((candidate) => candidate.end()));
  }
}

/** @param {readonly number[]} range */
function between([least = 0, most = 0]) {
  return least + Math.random() * (most - least);
}

/** @param {Crew} crew @param {number} processes */
function progress({ killed, granted }, processes) {
  return `${processes} processes; ${killed} killed and replaced so far; ${granted} grants`;
}
