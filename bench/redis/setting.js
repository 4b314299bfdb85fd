// @ts-check
// What every comparison needs: a server of its own, a leader for ours, the libraries to compare.

import { built, startLeader } from "./leader.js";
import { startRedis } from "./server.js";

/** Rounds that count; libraries take turns within each. */
export const ROUNDS = 5;

export const OURS = "slotstream";
const PEERS = ["redis-semaphore", "bottleneck"];

/** Ours first, as soon as it is built. @param {readonly string[]} peers */
export function contenders(peers = PEERS) {
  return built ? [OURS, ...peers] : [...peers];
}

/**
 * Runs it with an empty server, and with a leader if it is for ours.
 *
 * @template T
 * @param {string} library
 * @param {(server: import("./server.js").RedisServer, leader: import("./leader.js").Candidate | undefined) => Promise<T>} task
 */
export async function withRedis(library, task) {
  const server = await startRedis();
  const leader = library === OURS ? await startLeader(server.url) : undefined;
  try {
    return await task(server, leader);
  } finally {
    await leader?.end();
    await server.stop();
  }
}
