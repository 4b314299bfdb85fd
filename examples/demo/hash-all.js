// @ts-check
/**
 * The semaphore at work: all acquires are made at once, since thousands that wait in one fair queue
 * are fine; so many files as there are slots are read at a time; and afterwards it can tell what happened.
 */

import { MemorySemaphore } from "slotstream";
import { sha256 } from "./files.js";
import { showProgress } from "./progress.js";
import { report } from "./report.js";

/** Whose history is told: an early one, since the last 10,000 events are kept, and each file makes three. */
const WITNESS = 100;

/**
 * @param {string[]} files
 * @param {number} value how many at a time
 */
export async function hashAll(files, value) {
  const semaphore = new MemorySemaphore({ name: "hash-files", value });
  console.log(`Hashing ${files.length} files, ${value} at a time.`);
  const startedAt = performance.now();
  const progress = showProgress(files.length);

  const hashes = files.map(async (file) => {
    const askedAt = performance.now();
    const hashed = await semaphore.use(async (slot) => {
      const waitedMs = performance.now() - askedAt;
      return { file, slot, waitedMs, ...(await sha256(file, slot.signal)) };
    });
    progress();
    return hashed;
  });

  const [hashed, midway, history] = await Promise.all([
    Promise.all(hashes),
    hashes[Math.floor(files.length / 2)]?.then(() => MemorySemaphore.getAcquiredStats()),
    hashes[WITNESS]?.then(({ slot }) => collect(slot.history())),
  ]);

  report({
    hashed,
    tookMs: performance.now() - startedAt,
    midway,
    atTheEnd: await MemorySemaphore.getAcquiredStats({ names: [semaphore.name] }),
    witness: hashed[WITNESS],
    history,
  });
}

/**
 * @template T
 * @param {AsyncIterable<T>} items
 */
async function collect(items) {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
}
