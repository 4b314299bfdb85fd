// @ts-check
// On what a benchmark ran: without it the figures say little.

import { cpus, loadavg, totalmem } from "node:os";
import { built } from "./redis/leader.js";
import { redisVersion } from "./redis/server.js";
import { figure } from "./table.js";

export async function printMachine() {
  printHardware();
  console.log(
    "clients, leader and Redis are processes of their own; medians of 5 rounds, contenders take turns",
  );
  if (!built)
    console.log("slotstream's mode on Redis is not built: the peers run alone (npm run build)");
}

/** What there is, and what else runs there. */
export function printHardware() {
  const [first] = cpus();
  console.log(
    `${cpus().length} × ${first?.model}, ${figure(totalmem() / 1024 ** 3)} GB; Node ${process.version}; Redis ${redisVersion()}, ` +
      `loopback, no persistence; load ${figure(loadavg()[0] ?? 0, 1)} at the start`,
  );
}
