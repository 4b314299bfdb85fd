import type { Regression } from "./regression.js";

/** docs/decisions/018 */
export const leadersClockIsFast: Regression = {
  name: "a leader's clock is fast",
  wrong:
    "It took the server's clock for one that was set back, and let log time follow its own: TTLs of others ended early.",
  plan: {
    ...{ processes: 4, embedded: 0.5, reconcilers: 1, rounds: 1, burst: 5 },
    ...{ actionMs: 20, faultMs: 200, latenciesMs: [0.2], longestHoldMs: 3000 },
    semaphores: [{ name: "api", value: 3 }],
    ...{ heartbeatMs: [5000], pausesMs: [5000] },
    faults: { "let the clock of a process go wrong": 1 },
  },
  seeds: { first: 1, count: 4 },
  reaches: ["a grant outlived its TTL", "a waiter's time was over"],
};
