// @ts-check
/**
 * The same work so slowly that one can watch it: files come in bursts, wait, are hashed a few at a time, and now and then
 * one takes too long and loses its slot. Until Ctrl-C.
 */

import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { AcquisitionLostError, MemoryCoordinator } from "slotstream";
import { createInspector } from "slotstream/inspector";
import { sha256 } from "./files.js";

/** How long a file is held, besides hashing it, and what is too long. */
const HOLD_MS = 400;
const TTL_MS = 3_000;
/** So many files come at once, and one of so many hangs. */
const BURST = 12;
const HANGS = 15;
/** What hangs takes its share, so files come more slowly than they could be hashed: the queue always comes to an end. */
const SPARE = 1.7;

/**
 * @param {string[]} files
 * @param {number} value how many at a time
 * @param {number | undefined} port of the inspector
 */
export async function workSlowly(files, value, port) {
  const coordinator = new MemoryCoordinator();
  const semaphore = coordinator.semaphore({ name: "hash-files", value, ttlMs: TTL_MS });
  const inspector = await createInspector(coordinator, { port });
  console.log(`Hashing files, ${value} at a time, slowly. Look at it: ${inspector.url}`);
  console.log("Ctrl-C ends it.");

  const stop = new AbortController();
  const stopped = once(process, "SIGINT").then(() => stop.abort());
  for (let next = 0; !stop.signal.aborted; next += BURST) {
    const burst = Array.from({ length: BURST }, (_, i) => (next + i) % files.length);
    for (const index of burst) void hashOne(semaphore, files[index] ?? "", index, stop.signal);
    await pause((BURST * HOLD_MS * SPARE) / value, undefined, { signal: stop.signal }).catch(
      () => {},
    );
  }
  await stopped;
  await inspector.close();
  await coordinator.close();
}

/**
 * @param {import("slotstream").Semaphore} semaphore
 * @param {string} file
 * @param {number} index
 * @param {AbortSignal} stop
 */
async function hashOne(semaphore, file, index, stop) {
  const ms = index % HANGS === HANGS - 1 ? 2 * TTL_MS : HOLD_MS * (0.5 + (index % 7) / 6);
  try {
    await semaphore.use(
      async ({ signal }) => {
        await sha256(file, signal);
        await pause(ms, undefined, { signal: AbortSignal.any([signal, stop]) });
      },
      { metadata: { file }, signal: stop },
    );
  } catch (error) {
    // What was lost is seen in the inspector.
    if (stop.aborted || error instanceof AcquisitionLostError) return;
    if (error instanceof Error && error.name === "AbortError") return;
    console.error(`demo: ${error instanceof Error ? error.message : error}`);
  }
}
