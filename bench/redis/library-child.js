// @ts-check
// A client process: connects with one of the libraries and does what the measurements ask for.

import { Redis } from "ioredis";
import { connect } from "./libraries/index.js";

/** @type {import("./libraries/index.js").Connection} */
let connection;
/** @type {import("./libraries/index.js").GiveBack} */
let giveBack;

const now = () => Number(process.hrtime.bigint());

/** @param {string} library @param {string} url */
export async function open(library, url) {
  connection = await connect(library, url);
}

/** @type {Map<string, import("./libraries/index.js").Semaphore>} */
const semaphores = new Map();

/** @param {string} name @param {number} value */
function semaphoreOf(name, value) {
  const known = semaphores.get(name) ?? connection.semaphore(name, value);
  semaphores.set(name, known);
  return known;
}

/** Answers after what was asked before is under way. */
export function ping() {}

/** Resolves with the time (ns, the same clock in all processes) at which it has the slot. @param {string} name @param {number} value */
export async function take(name, value) {
  giveBack = await semaphoreOf(name, value).acquire();
  return now();
}

/** Resolves, when the slot is given back, with the time at which that was begun. */
export async function leave() {
  const leftAt = now();
  await giveBack();
  return leftAt;
}

/** Asks for a slot so many times, and never gives one back. @param {string} name @param {number} value @param {number} times */
export function wait(name, value, times) {
  const semaphore = semaphoreOf(name, value);
  for (let i = 0; i < times; i++) semaphore.acquire().catch(() => {});
}

/** Nanoseconds of each acquire, nobody else wanting the slot. @param {number} times */
export async function acquireAlone(times) {
  const semaphore = semaphoreOf("alone", 1);
  /** @type {number[]} */
  const costs = [];
  for (let i = 0; i < times; i++) {
    const start = now();
    const back = await semaphore.acquire();
    costs.push(now() - start);
    await back();
  }
  return costs;
}

/** Nanoseconds of each PING. @param {string} url @param {number} times */
export async function pings(url, times) {
  const redis = new Redis(url);
  await redis.ping();
  /** @type {number[]} */
  const costs = [];
  for (let i = 0; i < times; i++) {
    const start = now();
    await redis.ping();
    costs.push(now() - start);
  }
  redis.disconnect();
  return costs;
}

/**
 * How many acquire + release pairs so many loops finish a second, each on a semaphore of its own.
 *
 * @param {number} loops @param {number} ms
 */
export async function pairs(loops, ms) {
  const start = performance.now();
  let count = 0;
  const loop = async (/** @type {number} */ i) => {
    const semaphore = semaphoreOf(`pairs-${i}`, 1);
    while (performance.now() - start < ms) {
      const back = await semaphore.acquire();
      await back();
      count++;
    }
  };
  await Promise.all(Array.from({ length: loops }, (_, i) => loop(i)));
  return count / ((performance.now() - start) / 1000);
}

/** Takes all slots of so many semaphores. @param {number} count @param {number} slots */
export async function takeAll(count, slots) {
  for (let i = 0; i < count; i++) {
    const semaphore = semaphoreOf(`full-${i}`, slots);
    await Promise.all(Array.from({ length: slots }, () => semaphore.acquire()));
  }
}

export function close() {
  return connection.close();
}
