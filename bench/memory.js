// @ts-check
// What in-memory semaphores cost: uncontended, contended, drained, and waiting.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Semaphore as AsyncMutexSemaphore } from "async-mutex";
import asyncSema from "async-sema";
import Bottleneck from "bottleneck";
import pLimit from "p-limit";
import { MemoryCoordinator, MemorySemaphore } from "slotstream";
import { Floor } from "./floor.js";
import { compare, median, report } from "./measure.js";

const task = async () => {};

/** Bottleneck waits for a timer between jobs: some 5 ms a job, measured over fewer of them. */
const SLOW = { bottleneck: 200 };

/** A semaphore with a log of its own, history on. @param {number} value */
function semaphore(value) {
  const coordinator = new MemoryCoordinator({ threads: "isolated" });
  return new MemorySemaphore({ name: "bench", value, coordinator });
}

/**
 * One acquire + release pair in the form that each library has. Where releasing returns no promise,
 * or needs none to take effect, it isn't awaited.
 *
 * @param {number} slots
 * @returns {Record<string, () => Promise<unknown>>}
 */
function pairs(slots) {
  const ours = semaphore(slots);
  const sema = new asyncSema.Sema(slots);
  const mutex = new AsyncMutexSemaphore(slots);
  const limit = pLimit(slots);
  const bottleneck = new Bottleneck({ maxConcurrent: slots });
  return {
    slotstream: async () => {
      const slot = await ours.acquire();
      slot.release();
    },
    "slotstream use()": () => ours.use(task),
    "async-sema": async () => {
      await sema.acquire();
      sema.release();
    },
    "async-mutex": async () => {
      const [, release] = await mutex.acquire();
      release();
    },
    "p-limit": () => limit(task),
    bottleneck: () => bottleneck.schedule(task),
  };
}

/**
 * @param {Record<string, () => Promise<unknown>>} pairs
 * @param {number} loops how many run at the same time
 */
function looping(pairs, loops) {
  return Object.fromEntries(
    Object.entries(pairs).map(([name, pair]) => [
      name,
      /** @param {number} operations */
      async (operations) => {
        const loop = async () => {
          for (let i = 0; i < operations / loops; i++) await pair();
        };
        await Promise.all(Array.from({ length: loops }, loop));
      },
    ]),
  );
}

/** Nanoseconds from hand to hand, for a queue of that length. @param {number} waiters */
async function drain(waiters) {
  const repeat = Math.max(1, Math.floor(100_000 / waiters));
  let ns = 0;
  for (let i = 0; i < repeat; i++) {
    const queue = semaphore(1);
    const first = await queue.acquire();
    const all = Promise.all(
      Array.from({ length: waiters }, () => queue.acquire().then((slot) => slot.release())),
    );
    const start = process.hrtime.bigint();
    await first.release();
    await all;
    ns += Number(process.hrtime.bigint() - start);
  }
  return ns / repeat / waiters;
}

/** @param {number} waiters */
async function bytesPerWaiter(waiters) {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc");
  const queue = semaphore(1);
  await queue.acquire();
  gc();
  const before = process.memoryUsage().heapUsed;
  const waiting = Array.from({ length: waiters }, () => queue.acquire());
  gc();
  const bytes = (process.memoryUsage().heapUsed - before) / waiting.length;
  await queue.coordinator.close().catch(() => {});
  await Promise.allSettled(waiting);
  return bytes;
}

export async function run() {
  console.log(`Node ${process.version}; medians of 7 rounds, contenders take turns`);
  const floor = new Floor(1);
  const alone = {
    ...pairs(1),
    "floor with a history": async () => {
      const slot = await floor.acquire();
      slot.release();
    },
  };
  report(
    "acquire + release, uncontended, history on",
    await compare(looping(alone, 1), { operations: 50_000, slow: SLOW }),
  );
  report(
    "acquire + release, 100 concurrent loops on 10 slots, history on",
    await compare(looping(pairs(10), 100), { operations: 50_000, slow: SLOW }),
  );

  console.log("\nhand-off from a release to the next in the queue");
  /** @type {number[]} */
  const short = [];
  /** @type {number[]} */
  const long = [];
  for (let round = 0; round < 5; round++) {
    short.push(await drain(100));
    long.push(await drain(100_000));
  }
  console.log(`  100 waiters              ${median(short).toFixed(0).padStart(8)} ns`);
  console.log(`  100,000 waiters          ${median(long).toFixed(0).padStart(8)} ns`);
  console.log(
    `  the long queue costs     ${(median(long) / median(short)).toFixed(2).padStart(8)}×`,
  );

  console.log("\nmemory of a waiting acquisition, its promise included");
  /** @type {number[]} */
  const bytes = [];
  for (let round = 0; round < 5; round++) bytes.push(await bytesPerWaiter(100_000));
  console.log(`  100,000 waiters          ${median(bytes).toFixed(0).padStart(8)} bytes each`);
}
