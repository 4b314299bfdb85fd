// @ts-check
// Jobs under a limit: with a semaphore around them, or as BullMQ's own.

import { Queue, Worker } from "bullmq";
import { connect } from "./index.js";

/**
 * @typedef {(job: number) => Promise<void>} Run
 * @param {string} library
 * @param {string} url
 * @param {number} limit
 * @param {Run} run
 * @returns {Promise<(job: number) => void>} asks for a job
 */
export async function openJobs(library, url, limit, run) {
  if (library === "bullmq") return openQueue(url, limit, run);
  const semaphore = (await connect(library, url)).semaphore("jobs", limit);
  return async (job) => {
    const giveBack = await semaphore.acquire();
    await run(job);
    await giveBack();
  };
}

/** @param {string} url @param {number} limit @param {Run} run */
async function openQueue(url, limit, run) {
  const connection = { url };
  const queue = new Queue("jobs", { connection });
  await queue.setGlobalConcurrency(limit);
  const worker = new Worker("jobs", ({ data }) => run(data), { connection, concurrency: limit });
  await worker.waitUntilReady();
  return (/** @type {number} */ job) => {
    queue.add("job", job).catch(console.error);
  };
}
