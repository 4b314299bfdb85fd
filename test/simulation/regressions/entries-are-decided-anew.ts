import type { Regression } from "./regression.js";

/** docs/decisions/013 */
export const entriesAreDecidedAnew: Regression = {
  name: "entries are decided anew, and otherwise",
  wrong:
    "After a loss of the last moments the same entries came to another story with the same `applied` and `seq`; its session noticed nothing, and held a slot that was given to another.",
  plan: {
    ...{
      processes: 3,
      embedded: 1,
      reconcilers: 2,
      rounds: 1,
      burst: 1,
      actionMs: 60,
      faultMs: 200,
    },
    latenciesMs: [0.2, 80],
    faults: { "cut the leader": 4, "stop Redis and lose its last moments": 2 },
  },
  seeds: { first: 1, count: 8 },
  reaches: ["the data went back to an older state", "a restart paused grants"],
};
