import type { Regression } from "./regression.js";

/** docs/decisions/011 */
export const acknowledgedEntryGetsLost: Regression = {
  name: "an acknowledged entry gets lost",
  wrong:
    "A holder counted from the acknowledgement of its heartbeat, which was lost with the stream before it was applied, so its slot had two holders.",
  plan: {
    ...{ processes: 4, embedded: 0.5, reconcilers: 1, rounds: 1, actionMs: 60, faultMs: 150 },
    ...{ heartbeatMs: [1000], pausesMs: [1000], longestHoldMs: 3000, latenciesMs: [0.2, 30] },
    faults: {
      "delete the commands": 4,
      "crash the leader": 2,
      "stop Redis and lose its last moments": 1,
    },
  },
  seeds: { first: 1, count: 8 },
  reaches: [
    "the data went back to an older state",
    "a holder gave up before the log took its slot",
    "a silent holder lost its slot",
  ],
};
