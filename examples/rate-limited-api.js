// @ts-check
/**
 * An API that stands three requests at a time and refuses more with 429. Four processes call it, forty
 * times in all, and none of the calls is refused, since they share a semaphore.
 *
 *   node examples/rate-limited-api.js              # on redis://localhost:6379, or SLOTSTREAM_REDIS_URL
 *   node examples/rate-limited-api.js --unlimited  # without the semaphore, to see the difference
 */

import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { RedisSemaphore } from "slotstream";

const LIMIT = 3;
const PROCESSES = 4;
const CALLS = 10;
const run = promisify(execFile);

let running = 0;
let most = 0;

const [option, url] = process.argv.slice(2);
if (url) await client(url, option === "--unlimited");
else await demonstrate(option ?? "--limited");

/**
 * The part to copy: all calls are asked for at once, and as many run as the API stands, in all processes together.
 *
 * @param {string} url
 * @param {boolean} unlimited
 */
async function client(url, unlimited) {
  const api = new RedisSemaphore({
    name: "external-api",
    value: LIMIT,
    redis: process.env.SLOTSTREAM_REDIS_URL ?? "redis://localhost:6379",
  });

  /** @param {AbortSignal} [signal] */
  const call = async (signal) => (await fetch(url, { signal: signal ?? null })).status;
  const calls = Array.from({ length: CALLS }, () =>
    unlimited ? call() : api.use((slot) => call(slot.signal)),
  );
  console.log(JSON.stringify(await Promise.all(calls)));
}

/** @param {string} option */
async function demonstrate(option) {
  const api = createServer(answer).listen(0, "127.0.0.1");
  await once(api, "listening");
  const address = api.address();
  const port = typeof address === "object" ? address?.port : undefined;

  const argv = [fileURLToPath(import.meta.url), option, `http://127.0.0.1:${port}`];
  const clients = Array.from({ length: PROCESSES }, () => run(process.execPath, argv));
  const statuses = (await Promise.all(clients)).flatMap(({ stdout }) => JSON.parse(stdout));
  const refused = statuses.filter((status) => status === 429).length;
  console.log(`${statuses.length} calls from ${PROCESSES} processes, ${refused} refused`);
  console.log(`at most ${most} ran at a time`);
  api.close();
}

/** @type {import("node:http").RequestListener} */
async function answer(_request, response) {
  if (running === LIMIT) {
    response.writeHead(429).end();
    return;
  }
  most = Math.max(most, ++running);
  await sleep(20);
  running--;
  response.writeHead(200).end();
}
