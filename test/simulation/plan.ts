/**
 * What kind of world a seed makes: how many processes, which semaphores, which faults and how often.
 * Not every world has every fault: what one fault hides, another world shows.
 */

import type { Random } from "./random.js";

export type Fault = keyof typeof FAULTS | "delete what was told";

/** How often each kind occurs, in worlds that have it. */
export const FAULTS = {
  "cut a connection": 8,
  "cut the leader": 6,
  partition: 4,
  stall: 4,
  "stall the leader": 6,
  pause: 5,
  "pause the leader": 4,
  crash: 5,
  "crash the leader": 4,
  "stop Redis": 2,
  "stop Redis and lose its last moments": 2,
  "fill Redis": 2,
  "delete the commands": 2,
  "delete everything": 1,
  "set the clock": 2,
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
  /** How often there is a time with faults, and one without after it. */
  readonly rounds: number;
  /** Of users, in all times with faults together. */
  readonly actions: number;
  /** The mean time between two actions of users. */
  readonly actionMs: number;
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

/** What does not go together with data that is deleted altogether. */
const CUTTING: readonly Fault[] = [
  "set the clock",
  "cut a connection",
  "cut the leader",
  "partition",
  "crash",
  "crash the leader",
  "stop Redis",
  "stop Redis and lose its last moments",
];

const NAMES = ["api", "blob", "cron"];

export function planOf(random: Random, actions: number): Plan {
  const heartbeatMs = random.pick([[1000], [1000, 3000], [2000, 5000]]);
  return {
    processes: random.whole(2, 4),
    embedded: random.pick([0.5, 1]),
    reconcilers: random.whole(0, 2),
    semaphores: NAMES.slice(0, random.whole(1, 3)).map((name) => ({
      name,
      value: random.whole(1, 3),
    })),
    heartbeatMs,
    actions,
    actionMs: random.pick([20, 60, 150]),
    longestHoldMs: random.pick([50, 500, 3000]),
    faults: someFaults(random),
    faultMs: random.pick([100, 300, 1000]),
    latenciesMs: random.pick([
      [0.2, 2, 30],
      [0.2, 2],
      [30, 80],
    ]),
    lost: random.pick([0, 0, 0.05, 0.5, 1]),
    doubled: random.pick([0, 0, 0.1]),
    delayed: random.pick([0, 0, 0.1]),
    pausesMs: pausesFor(heartbeatMs, random),
    rounds: random.pick([1, 1, 2]),
  };
}

/** The same for all, or as long as each process needs for its own intervals, or for some of them longer than anybody needs. */
function pausesFor(heartbeatMs: readonly number[], random: Random): readonly number[] {
  const longestMs = Math.max(...heartbeatMs);
  return random.pick([[longestMs], heartbeatMs, [longestMs, 3 * longestMs]]);
}

function someFaults(random: Random): Plan["faults"] {
  const share = random.pick([0.15, 0.4, 0.8]);
  const faults: Partial<Record<Fault, number>> = {};
  let fault: keyof typeof FAULTS;
  for (fault in FAULTS) if (random.chance(share)) faults[fault] = FAULTS[fault];
  // What is told apart by time alone cannot be told apart when that goes back as well; and that there was
  // data, only those can tell who are connected.
  if (faults["delete everything"]) for (const fault of CUTTING) delete faults[fault];
  return faults;
}
