// @ts-check
// One of the processes that ask for jobs. A job tells when it was asked for, started, ended.

import { setTimeout } from "node:timers/promises";
import { tell } from "../processes.js";
import { openJobs } from "./libraries/jobs.js";

const now = () => Number(process.hrtime.bigint());

/** @type {(job: number) => void} */
let submit = () => {};

/** @param {string} library @param {string} url @param {number} limit @param {number} jobMs */
export async function open(library, url, limit, jobMs) {
  submit = await openJobs(library, url, limit, async (job) => {
    const startedAt = now();
    tell({ job, startedAt });
    await setTimeout(jobMs);
    tell({ job, endedAt: now() });
  });
}

/** Asks for these jobs at once, when it is time. @param {number[]} jobs @param {number} inMs */
export async function ask(jobs, inMs) {
  await setTimeout(inMs);
  for (const job of jobs) {
    tell({ job, askedAt: now() });
    submit(job);
  }
}
