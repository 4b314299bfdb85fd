import type { Regression } from "./regression.js";

/** docs/decisions/017 */
export const logTimeWaitsForATick: Regression = {
  name: "log time waits for a tick",
  wrong:
    "While the server's clock stood behind log time, that waited for ticks and then caught up with the leader's clock: a TTL that was granted before the leap ended too early.",
  plan: {
    ...{ processes: 2, embedded: 0.5, reconcilers: 2, rounds: 1, burst: 25 },
    ...{ actionMs: 150, faultMs: 400, latenciesMs: [30, 80], lost: 1 },
    ...{ heartbeatMs: [1000], pausesMs: [1000], longestHoldMs: 3000 },
    faults: { "set the clock": 3, "stop Redis": 2, "slow scripts": 2 },
  },
  seeds: { first: 9, count: 3 },
  reaches: ["the clock was set back", "a grant outlived its TTL", "a restart paused grants"],
};
