// @ts-check
/**
 * One of many equal workers: takes one job after the other, and however many workers there are, three jobs
 * run at a time. docker-compose.yml starts a fleet of them; `docker compose up --scale worker=10` a larger one.
 * It leaves the deciding to the reconcilers, and ends in order at SIGTERM.
 *
 *   node dist/cli/main.js reconciler & node examples/fleet-worker.js
 *
 * On redis://localhost:6379, or SLOTSTREAM_REDIS_URL.
 */

import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { RedisCoordinator } from "slotstream";

const coordinator = new RedisCoordinator({
  url: process.env.SLOTSTREAM_REDIS_URL ?? "redis://localhost:6379",
  reconciler: "external",
  logger: console,
});
const worker = `${hostname()}:${process.pid}`;
const jobs = coordinator.semaphore({ name: "fleet", value: 3, metadata: { worker } });

const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => stop.abort());

while (!stop.signal.aborted) {
  await jobs.use(job, { signal: stop.signal }).catch(complain);
}
await coordinator.close();

/** @param {import("slotstream").Acquisition} slot */
async function job({ slotNumber, fencingToken, signal }) {
  const startedAt = performance.now();
  await sleep(50 + Math.random() * 100, undefined, { signal }); // the work
  const ms = Math.round(performance.now() - startedAt);
  console.log(JSON.stringify({ worker, slot: slotNumber, token: fencingToken, ms }));
}

/** What fails is not tried again at once. @param {unknown} error */
async function complain(error) {
  if (error === stop.signal.reason) return;
  console.error(`a job failed: ${error}`);
  await sleep(1_000);
}
