import type { Regression } from "./regression.js";

export const keptMessageIsDeleted: Regression = {
  name: "a message that was kept is deleted",
  wrong:
    "A report told what was left as if it were all: its `applied` confirmed a command whose answer nobody had heard, and a wait never ended.",
  plan: {
    ...{ rounds: 1, burst: 5, faultMs: 60, actionMs: 40, latenciesMs: [30, 80], lost: 0.5 },
    faults: { "delete a field": 4, "delete the commands": 2, "cut a connection": 1 },
  },
  seeds: { first: 1, count: 6 },
  reaches: ["a message was lost", "a process went on under another session"],
};
