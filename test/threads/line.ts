/** What tests of threads wait for. */

import { setImmediate } from "node:timers/promises";
import type { Semaphore } from "slotstream";

/** So many wait for the semaphore. */
export async function inLine(semaphore: Semaphore, count: number): Promise<void> {
  while ((await semaphore.stats()).queued !== count) await setImmediate();
}

/** The acquisitions that got a slot, in order. */
export async function grantsOf(semaphore: Semaphore): Promise<string[]> {
  return acquisitionsOf(semaphore, "granted");
}

/** The acquisitions that stood in the queue, in order. */
export async function queueOf(semaphore: Semaphore): Promise<string[]> {
  return acquisitionsOf(semaphore, "queued");
}

async function acquisitionsOf(semaphore: Semaphore, type: "queued" | "granted"): Promise<string[]> {
  const acquisitions: string[] = [];
  for await (const event of semaphore.history()) {
    if (event.type === type) acquisitions.push(event.acquisition);
  }
  return acquisitions;
}
