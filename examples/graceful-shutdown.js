// @ts-check
/**
 * A worker that ends well. At SIGTERM it takes no more jobs, lets those under way end, for ten seconds at
 * most, and closes: its slots are free at once, and nobody has to wait until it is taken for dead.
 *
 *   node examples/graceful-shutdown.js    # then Ctrl+C; on redis://localhost:6379, or SLOTSTREAM_REDIS_URL
 */

import { setTimeout as sleep } from "node:timers/promises";
import { RedisCoordinator } from "slotstream";

const SLOTS = 2;

const url = process.env.SLOTSTREAM_REDIS_URL ?? "redis://localhost:6379";
const coordinator = new RedisCoordinator({ url });
const jobs = coordinator.semaphore({ name: "jobs", value: SLOTS });

const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, shutDown);

let lastJob = 0;
await Promise.all([work(), work(), work()]);

async function work() {
  while (!stop.signal.aborted) {
    // The signal given to use() ends the waiting only; a job that has its slot goes on.
    await jobs.use(job, { signal: stop.signal }).catch(complain);
  }
}

/** @param {import("slotstream").Acquisition} slot */
async function job({ signal }) {
  const number = ++lastJob;
  console.log(`job ${number} begins`);
  await sleep(500, undefined, { signal }); // the work; it heeds the signal of its slot
  console.log(`job ${number} is done`);
}

async function shutDown() {
  console.log("no more jobs are taken");
  stop.abort();
  await coordinator.close({ drainMs: 10_000 });
  console.log("closed");
}

/** What fails is not tried again at once. @param {unknown} error */
async function complain(error) {
  if (error === stop.signal.reason) return;
  console.error(`a job failed: ${error}`);
  await sleep(1_000);
}
