// @ts-check
// redis-semaphore with its default options, but for how long it waits. An object of it holds one slot
// at a time; they are used again, which is the cheapest.

import { Redis } from "ioredis";
import { Semaphore } from "redis-semaphore";

const WAIT = { acquireTimeout: 600_000 };

/** @param {string} url @returns {Promise<import("./index.js").Connection>} */
export async function connect(url) {
  const redis = new Redis(url);
  await redis.ping();
  return {
    semaphore: (name, value) => semaphore(() => new Semaphore(redis, name, value, WAIT)),
    close: async () => redis.disconnect(),
  };
}

/** @param {() => Semaphore} make @returns {import("./index.js").Semaphore} */
function semaphore(make) {
  /** @type {Semaphore[]} */
  const idle = [];
  return {
    acquire: async () => {
      const one = idle.pop() ?? make();
      await one.acquire();
      return async () => {
        await one.release();
        idle.push(one);
      };
    },
  };
}
