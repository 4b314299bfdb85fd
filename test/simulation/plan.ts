/**
 * What kind of world a seed makes: how many processes, which semaphores, which faults and how often.
 * Not every world has every fault: what one fault hides, another world shows.
 */

import type { Retention } from "../../src/ports.js";
import type { Random } from "./random.js";

export type Fault = keyof typeof FAULTS;

/** How often each kind occurs, in worlds that have it; a seed makes it up to four times more or less often. */
export const FAULTS = {
  "cut a connection": 8,
  "cut the leader": 6,
  partition: 4,
  stall: 4,
  "stall the leader": 6,
  pause: 5,
  "pause the leader": 4,
  "suspend a machine": 2,
  crash: 5,
  "crash the leader": 4,
  "crash at an await": 6,
  rivals: 3,
  "stop Redis": 2,
  "stop Redis and lose its last moments": 2,
  "stop Redis and lose everything": 1,
  "lose everything while nobody is there who knew": 1,
  "slow scripts": 4,
  "fill Redis": 2,
  "delete a key": 1,
  "delete a field": 1,
  "delete an entry": 3,
  "delete the commands": 2,
  "delete what was told": 1,
  "delete everything": 1,
  "set the clock": 2,
  "nudge the clock": 8,
  "set the clock of a process": 2,
  "let the clock of a process go wrong": 3,
  "write what no session writes": 2,
} as const;

export interface SemaphorePlan {
  readonly name: string;
  readonly value: number;
}

export interface Plan {
  readonly processes: number;
  /** The chance that a process has a candidate of its own. */
  readonly embedded: number;
  readonly reconcilers: number;
  readonly semaphores: readonly SemaphorePlan[];
  /** Intervals that acquires bring, as far as the pause of their process allows. */
  readonly heartbeatMs: readonly number[];
  /** How long grants shall pause after a restart, as one process or another says. */
  readonly pausesMs: readonly number[];
  readonly retention: Retention;
  /** How often there is a time with faults, and one without after it. */
  readonly rounds: number;
  /** Of users, in all times with faults together. */
  readonly actions: number;
  /** The mean time between two actions of users. */
  readonly actionMs: number;
  /** How many acquires come at once, at most. */
  readonly burst: number;
  /** The chance that an acquire believes the semaphore to have another value. */
  readonly mismatch: number;
  readonly longestHoldMs: number;
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  /** The mean time between two faults. */
  readonly faultMs: number;
  /** How long a message usually takes, on the network of one process or another. */
  readonly latenciesMs: readonly number[];
  readonly lost: number;
  readonly doubled: number;
  readonly delayed: number;
}

const NAMES = ["api", "blob", "cron", "deploy", "etl", "feed", "gpu", "http", "index", "jobs"];

export function planOf(random: Random, actions: number): Plan {
  // Each part has chance of its own, so that one more changes none of the others.
  const of = (part: string) => random.fork(saltOf(part));
  const heartbeatMs = of("heartbeats").pick([[1000], [1000, 3000], [2000, 5000]]);
  const plan: Plan = {
    processes: of("processes").whole(2, 4),
    embedded: of("embedded").pick([0.5, 1]),
    reconcilers: of("reconcilers").whole(0, 2),
    semaphores: semaphoresOf(of("semaphores")),
    heartbeatMs,
    pausesMs: pausesFor(heartbeatMs, of("pauses")),
    retention: {
      events: of("retention").pick([10_000, 400, 40, 3]),
      // Half of all worlds forget nothing for its age alone.
      ageMs: of("age of the history").pick([Infinity, Infinity, 60_000, 4_000]),
    },
    rounds: of("rounds").pick([1, 1, 2]),
    actions,
    actionMs: of("actions").pick([20, 60, 150]),
    burst: of("burst").pick([1, 1, 5, 25]),
    mismatch: of("mismatch").pick([0, 0, 0.1]),
    longestHoldMs: of("holds").pick([50, 500, 3000]),
    faults: faultsOf(of),
    faultMs: of("faults").pick([100, 300, 1000]),
    latenciesMs: of("latencies").pick([
      [0.2, 2, 30],
      [0.2, 2],
      [30, 80],
    ]),
    lost: of("lost").pick([0, 0, share(of("how much is lost")), 1]),
    doubled: of("doubled").pick([0, 0, share(of("how much is doubled"))]),
    delayed: of("delayed").pick([0, 0, share(of("how much is delayed"))]),
  };
  if (of("quiet").chance(0.25)) return quiet(plan);
  if (of("clocks").chance(0.2)) return untimely(plan);
  return of("cuts").chance(0.2) ? torn(plan) : plan;
}

/**
 * Less goes wrong, and who holds does so for long. So data that is lost is missed, perhaps too late: in a storm hardly
 * anybody holds anything at such a moment, and still does when Redis is back.
 */
function quiet(plan: Plan): Plan {
  const more = {
    "stop Redis and lose its last moments": 60,
    "lose everything while nobody is there who knew": 15,
    "suspend a machine": 15,
  };
  const faults = { ...plan.faults, ...more };
  return { ...plan, faults, actionMs: 150, faultMs: 2000, longestHoldMs: 8000 };
}

/** Clocks go wrong, of the server as of processes, while slots are held for a time that is about to end. */
function untimely(plan: Plan): Plan {
  const more = {
    "set the clock": 12,
    "let the clock of a process go wrong": 8,
    "set the clock of a process": 4,
  };
  const faults = { ...plan.faults, ...more };
  return { ...plan, faults, actionMs: 60, faultMs: 400, longestHoldMs: 3000 };
}

/** Leaders lose their connections while commits are under way, which may come later, after the next one's. */
function torn(plan: Plan): Plan {
  const faults = { ...plan.faults, "cut the leader": 30, "stall the leader": 6 };
  return { ...plan, faults, actionMs: 60, faultMs: 200 };
}

/** Mostly few, so that users meet; now and then many. */
function semaphoresOf(random: Random): SemaphorePlan[] {
  const count = random.pick([1, 2, 3, random.whole(4, NAMES.length)]);
  const most = random.pick([1, 3, 3, 8]);
  return NAMES.slice(0, count).map((name) => ({ name, value: random.whole(1, most) }));
}

/** The same for all, or as long as each process needs for its own intervals, or for some of them longer than anybody needs. */
function pausesFor(heartbeatMs: readonly number[], random: Random): readonly number[] {
  const longestMs = Math.max(...heartbeatMs);
  return random.pick([[longestMs], heartbeatMs, [longestMs, 3 * longestMs]]);
}

/** Which kinds there are, and how often each occurs. */
function faultsOf(of: (part: string) => Random): Plan["faults"] {
  const chance = of("share of faults").pick([0.1, 0.3, 0.7]);
  const faults: Partial<Record<Fault, number>> = {};
  let fault: Fault;
  for (fault in FAULTS) {
    const random = of(`fault: ${fault}`);
    if (random.chance(chance)) faults[fault] = rounded(FAULTS[fault] * 4 ** random.between(-1, 1));
  }
  return faults;
}

/** Of all messages: sometimes hardly any, sometimes half of them. */
function share(random: Random): number {
  return rounded(0.5 ** random.between(1, 7));
}

function rounded(number: number): number {
  return Math.round(number * 100) / 100;
}

function saltOf(text: string): number {
  let salt = 7;
  for (const char of text) salt = (Math.imul(salt, 31) + char.charCodeAt(0)) | 0;
  return salt;
}
