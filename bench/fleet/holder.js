// @ts-check
// A client process: a few loops that acquire, hold and release, and write down what happens to them.

import { setTimeout } from "node:timers/promises";
import { RedisCoordinator } from "slotstream";
import { clientRecorder, now } from "./records.js";

/**
 * @typedef {{
 *   url: string, reconciler: "embedded" | "external", directory: string, client: string,
 *   values: Record<string, number>, loops: number, heartbeatMaxIntervalMs: number, holdMs: number, restMs: number,
 * }} Orders `holdMs`, `restMs`: at most, at random
 */

/** @type {RedisCoordinator} */
let coordinator;
/** @type {Promise<unknown>} */
let working;
let stopping = false;
let asks = 0;

/** @param {Orders} orders */
export function work(orders) {
  const { url, reconciler, heartbeatMaxIntervalMs, values } = orders;
  coordinator = new RedisCoordinator({ url, reconciler });
  const semaphores = Object.entries(values).map(([name, value]) =>
    coordinator.semaphore({ name, value, heartbeatMaxIntervalMs }),
  );
  const record = clientRecorder(orders.directory, orders.client);
  const loop = async () => {
    while (!stopping) {
      const semaphore = semaphores[Math.floor(Math.random() * semaphores.length)];
      if (semaphore) await turn(orders, semaphore, record);
      await setTimeout(Math.random() * orders.restMs);
    }
  };
  working = Promise.all(Array.from({ length: orders.loops }, loop));
  working.catch(() => {});
}

/**
 * Asks once, and holds what it gets.
 *
 * @param {Orders} orders
 * @param {ReturnType<RedisCoordinator["semaphore"]>} semaphore
 * @param {ReturnType<typeof clientRecorder>} record
 */
async function turn({ client, holdMs }, semaphore, record) {
  const ask = ++asks;
  record({ type: "ask", ask, semaphore: semaphore.name, at: now() });
  try {
    const slot = await semaphore.acquire({ metadata: { client, ask: `${ask}` } });
    const { id: acquisition, slotNumber, fencingToken: token } = slot;
    record({
      type: "enter",
      ask,
      semaphore: semaphore.name,
      acquisition,
      slot: slotNumber,
      token,
      at: now(),
    });
    const lost = () => record({ type: "lost", ask, at: now() });
    slot.signal.addEventListener("abort", lost, { once: true });
    await setTimeout(Math.random() * holdMs);
    slot.signal.removeEventListener("abort", lost);
    record({ type: "leave", ask, at: now() });
    await slot.release();
  } catch (error) {
    record({ type: "failed", ask, error: String(error), at: now() });
  }
}

/** Asks no more, and resolves when all slots are given back. */
export async function stop() {
  stopping = true;
  await working;
}

export function close() {
  return coordinator.close();
}
