// @ts-check
/**
 * One process of the fleet in docs/guides/investigate-an-incident.md: holds a slot of "reports" until its standard input
 * ends, or it is killed. Its name is the first argument, the server in SLOTSTREAM_REDIS_URL.
 */

import { once } from "node:events";
import { RedisCoordinator } from "slotstream";

/** Time enough for the on-call engineer's questions, on a slow machine too, before the slot comes back. */
const SILENCE_MS = 25_000;

const [, , name = "web-1"] = process.argv;
const coordinator = new RedisCoordinator({
  url: process.env.SLOTSTREAM_REDIS_URL,
  failoverPauseMs: SILENCE_MS,
});
const reports = coordinator.semaphore({
  name: "reports",
  value: 2,
  ttlMs: 600_000,
  heartbeatMaxIntervalMs: SILENCE_MS,
  metadata: { host: name },
});

const ended = once(process.stdin.resume(), "end");
await reports.use(() => ended);
await coordinator.close();
