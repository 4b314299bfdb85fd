/** Ten workers, one slot: never two inside, and whoever came first is served first. */

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { MemorySemaphore } from "slotstream";
import { expect, test } from "vitest";
import { fixture } from "./agent.js";
import { grantsOf, queueOf } from "./line.js";

const WORKERS = 10;
const ROUNDS = 100;
const VISITS = WORKERS * ROUNDS;

const shared = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length));

test("ten workers never overlap on one slot", async () => {
  const name = "contended";
  const [inside, most, ticks, visits] = [shared(1), shared(1), shared(1), shared(2 * VISITS)];
  const workers = Array.from({ length: WORKERS }, (_, index) => {
    const first = index * ROUNDS;
    const workerData = { name, rounds: ROUNDS, inside, most, ticks, visits, first };
    return new Worker(fixture("contender.js"), { workerData });
  });
  await Promise.all(workers.map((worker) => once(worker, "exit")));

  const semaphore = new MemorySemaphore({ name, value: 1 });
  expect(most[0]).toBe(1);
  expect(inside[0]).toBe(0);
  expect(ticks[0]).toBe(2 * VISITS);
  expect(overlaps(intervals(visits))).toEqual([]);

  expect(await grantsOf(semaphore)).toHaveLength(VISITS);
  expect(await grantsOf(semaphore)).toEqual(await queueOf(semaphore));
  const { depth, sessions, tokens } = await summary(semaphore);
  expect(sessions).toBe(WORKERS);
  expect(depth).toBeGreaterThan(ROUNDS);
  expect(tokens.every((token, index) => token > (tokens[index - 1] ?? 0))).toBe(true);
  expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 0, queued: 0 });
});

type Interval = readonly [enter: number, leave: number];

/** Pairs of ticks that all workers share; sorted, so that neighbours can be compared. */
function intervals(visits: Int32Array): Interval[] {
  return Array.from({ length: visits.length / 2 }, (_, index): Interval => {
    return [visits[2 * index] ?? 0, visits[2 * index + 1] ?? 0];
  }).sort(([a], [b]) => a - b);
}

function overlaps(visits: readonly Interval[]): Interval[] {
  return visits.filter(([enter, leave], index) => {
    const [next] = visits[index + 1] ?? [Infinity];
    return leave <= enter || next <= leave;
  });
}

async function summary(semaphore: MemorySemaphore) {
  let depth = 0;
  const sessions = new Set<string>();
  const tokens: number[] = [];
  for await (const event of semaphore.history()) {
    if (event.type === "queued") {
      depth = Math.max(depth, event.position);
      sessions.add(event.session);
    }
    if (event.type === "granted") tokens.push(event.token);
  }
  return { depth, sessions: sessions.size, tokens };
}
