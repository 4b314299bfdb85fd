// @ts-check
// A client on Redis that is watched in one of the ways.

import { RedisCoordinator } from "slotstream";
import { quantile } from "../measure.js";
import { attachTo, observe, optionsOf } from "./ways.js";

/** @type {RedisCoordinator} */
let coordinator;
/** @type {() => Promise<void> | void} */
let end = () => {};
/** @type {Awaited<ReturnType<typeof attachTo>>} */
let onlooker;
/** Of the semaphores. */
let options = {};

/** @param {string} url @param {string} way */
export async function open(url, way) {
  end = observe(way);
  coordinator = new RedisCoordinator({ url, reconciler: "external" });
  onlooker = await attachTo(way, coordinator);
  options = optionsOf(way);
  // Else the compiler would be measured.
  await pairs(100, 20_000);
}

/** Median of an acquire that finds a free slot, in nanoseconds. @param {number} times */
export async function acquireAlone(times) {
  const semaphore = coordinator.semaphore({ name: "alone", value: 1, ...options });
  /** @type {number[]} */
  const costs = [];
  for (let i = 0; i < times; i++) {
    const start = process.hrtime.bigint();
    const slot = await semaphore.acquire();
    costs.push(Number(process.hrtime.bigint() - start));
    await slot.release();
  }
  return quantile(costs, 0.5);
}

/**
 * So many pairs, each loop on a semaphore of its own. What this process computes for one says more than how many there are a
 * second, where others compute as well.
 *
 * @param {number} loops @param {number} count
 */
export async function pairs(loops, count) {
  const startedAt = performance.now();
  const used = process.cpuUsage();
  let left = count;
  const loop = async (/** @type {number} */ i) => {
    const semaphore = coordinator.semaphore({ name: `pairs-${i}`, value: 1, ...options });
    while (left-- > 0) {
      const slot = await semaphore.acquire();
      await slot.release();
    }
  };
  await Promise.all(Array.from({ length: loops }, (_, i) => loop(i)));
  const aSecond = count / ((performance.now() - startedAt) / 1000);
  // What is still to be told belongs to what the pairs cost.
  await onlooker.settle();
  const { user, system } = process.cpuUsage(used);
  return { aSecond, cpuNs: ((user + system) * 1000) / count };
}

export async function close() {
  await onlooker.end();
  await coordinator.close();
  await end();
}
