// @ts-check
// Bottleneck runs jobs; here a job lasts until its slot is given back. All limiters share two
// connections, as its documentation advises.

import Bottleneck from "bottleneck";
import { Redis } from "ioredis";

/** @param {string} url @returns {Promise<import("./index.js").Connection>} */
export async function connect(url) {
  const connection = new Bottleneck.IORedisConnection({ client: new Redis(url) });
  return {
    semaphore: (id, maxConcurrent) => {
      const limiter = new Bottleneck({ id, maxConcurrent, connection, datastore: "ioredis" });
      return { acquire: () => acquire(limiter) };
    },
    close: () => connection.disconnect(false),
  };
}

/**
 * @param {Bottleneck} limiter
 * @returns {Promise<import("./index.js").GiveBack>}
 */
function acquire(limiter) {
  return new Promise((resolve, reject) => {
    const job = limiter.schedule(
      () =>
        new Promise((done) => {
          resolve(() => {
            done(undefined);
            return job;
          });
        }),
    );
    job.catch(reject);
  });
}
