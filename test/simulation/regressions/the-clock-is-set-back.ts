import type { Regression } from "./regression.js";

/** docs/decisions/014 */
export const clockIsSetBack: Regression = {
  name: "the server's clock is set back",
  wrong:
    "Between two renewals a grant was dated too early, so that its TTL ended too early; and sessions took the time from reports and ids, which stand still as well, and held too long.",
  plan: {
    ...{
      processes: 3,
      embedded: 1,
      reconcilers: 2,
      rounds: 1,
      burst: 1,
      actionMs: 150,
      faultMs: 200,
    },
    ...{ latenciesMs: [0.2, 30], longestHoldMs: 3000 },
    faults: {
      "set the clock": 3,
      "delete the commands": 1,
      "stop Redis": 1,
      "pause the leader": 1,
    },
  },
  seeds: { first: 1, count: 8 },
  reaches: ["the clock was set back", "a grant outlived its TTL", "two believed to lead at once"],
};
