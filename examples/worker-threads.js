// @ts-check
/**
 * Six worker threads with heavy computations, two of which may run at a time: the cores that are left
 * serve others. In memory the threads share the slots of their process; with SLOTSTREAM_REDIS_URL, those
 * of the whole fleet.
 *
 *   node examples/worker-threads.js
 */

import { pbkdf2Sync } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { MemorySemaphore, RedisSemaphore } from "slotstream";

const redis = process.env.SLOTSTREAM_REDIS_URL;
const options = { name: "heavy-computations", value: 2 };
const semaphore = redis ? new RedisSemaphore({ ...options, redis }) : new MemorySemaphore(options);

if (isMainThread) await main();
else parentPort?.postMessage(await semaphore.use(compute));

async function main() {
  const running = new Int32Array(new SharedArrayBuffer(4));
  const workers = Array.from(
    { length: 6 },
    () => new Worker(fileURLToPath(import.meta.url), { workerData: running }),
  );
  const beside = (await Promise.all(workers.map((worker) => once(worker, "message")))).flat();

  console.log(`${beside.length} threads computed, at most ${Math.max(...beside)} at a time`);
  console.log(`${(await semaphore.stats()).acquiredSlots} slots are held now`);
}

/** Resolves with how many threads computed when this one began, itself included. */
function compute() {
  const beside = Atomics.add(workerData, 0, 1) + 1;
  pbkdf2Sync("password", "salt", 200_000, 64, "sha512");
  Atomics.sub(workerData, 0, 1);
  return beside;
}
