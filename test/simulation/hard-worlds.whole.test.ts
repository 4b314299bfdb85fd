/** Worlds that are hard in one way, beyond what a seed would make of them. */

import { test } from "vitest";
import type { Plan } from "./plan.js";
import { simulate } from "./simulate.js";

const SEEDS = 6;

/** Leaders have a hard time, and new ones need some time until their first commit. */
const STORMY: Partial<Plan> = {
  processes: 3,
  embedded: 1,
  reconcilers: 2,
  actionMs: 60,
  faultMs: 200,
  latenciesMs: [60],
  faults: { "stall the leader": 6, "cut the leader": 3, "pause the leader": 1 },
};

/** Connections end while something is under way. */
const CUT: Partial<Plan> = { ...STORMY, latenciesMs: [1, 30], faults: { "cut the leader": 1 } };

/** Redis forgets what it has told. */
const FORGETFUL: Partial<Plan> = {
  ...STORMY,
  latenciesMs: [0.2, 80],
  faults: { "cut the leader": 4, "stop Redis and lose its last moments": 2 },
};

/** The server's clock is set, also where the stream has just begun anew. */
const TIMELESS: Partial<Plan> = {
  ...STORMY,
  actionMs: 150,
  latenciesMs: [0.2, 30],
  faults: { "set the clock": 3, "delete the commands": 1, "stop Redis": 1, "pause the leader": 1 },
};

/** Slots are free, so one that Redis forgets is soon given to somebody else; its holder may not hear of it for long. */
const UNHEARD: Partial<Plan> = {
  ...{ processes: 4, embedded: 0, reconcilers: 1, actionMs: 200, faultMs: 2500, rounds: 1 },
  semaphores: [{ name: "api", value: 8 }],
  longestHoldMs: 8000,
  latenciesMs: [0.2, 30],
  ...{ heartbeatMs: [5000], pausesMs: [5000] },
  faults: { "stop Redis and lose its last moments": 1 },
};

/** The same, and each process says how long that may be. */
const UNEQUAL: Partial<Plan> = {
  ...UNHEARD,
  ...{ heartbeatMs: [1000, 5000], pausesMs: [1000, 5000] },
};

test.each([
  ["in a storm", STORMY],
  ["when connections end", CUT],
  ["when Redis forgets", FORGETFUL],
  ["when clocks are set", TIMELESS],
  ["when slots are free", UNHEARD],
  ["when some may be silent longer than others", UNEQUAL],
])("nothing goes wrong %s", { timeout: 60_000 }, async (_where, plan) => {
  for (let seed = 1; seed <= SEEDS; seed++) await simulate({ seed, plan });
});
