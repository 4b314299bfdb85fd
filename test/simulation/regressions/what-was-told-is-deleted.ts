import type { Regression } from "./regression.js";

/** docs/decisions/013 */
export const whatWasToldIsDeleted: Regression = {
  name: "what was told is deleted",
  wrong: "Sessions took for answered what was only applied, and their waits never ended.",
  plan: {
    ...{ rounds: 1, burst: 1, faultMs: 100, actionMs: 20, latenciesMs: [2, 30] },
    faults: { "delete what was told": 4, "cut the leader": 1, "cut a connection": 1 },
  },
  seeds: { first: 1, count: 8 },
  reaches: ["a reply was lost after its effect", "a process went on under another session"],
};
