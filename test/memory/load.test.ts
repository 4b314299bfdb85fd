/** Many at once: served in the order in which they came, each with a number of its own. */

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Event } from "../../src/index.js";
import { all } from "../contract/backend.js";
import { Fleet } from "../support/memory-fleet.js";
import { turn } from "../support/memory-promises.js";

const SLOTS = 7;

/** A thousand acquires from four coordinators, each held for a random time; the calls in order of the grants, and what happened. */
async function load(seed: number): Promise<{ calls: number[]; events: Event[] }> {
  const calls: number[] = [];
  const fleet = Fleet.simulated();
  const semaphores = Array.from({ length: 4 }, () =>
    fleet.coordinator().semaphore({ name: "api", value: SLOTS }),
  );
  const holds = fc.sample(fc.integer({ min: 1, max: 50 }), { numRuns: 1_000, seed });
  const served = holds.map(async (holdMs, call) => {
    const slot = await semaphores[call % semaphores.length]?.acquire();
    if (slot === undefined) throw new Error("there is no such semaphore");
    calls.push(call);
    await new Promise<void>((resolve) => {
      fleet.clock.alarm(resolve).set(slot.grantedAt + holdMs);
    });
    await slot.release();
  });
  let left = served.length;
  for (const each of served) each.finally(() => left--).catch(() => {});
  while (left > 0) {
    fleet.clock.advance(1);
    await turn();
  }
  await Promise.all(served);
  return { calls, events: await all(fleet.coordinator().history()) };
}

test("a thousand acquires are served in the order of the calls", async () => {
  const { calls } = await load(1);
  expect(calls).toEqual(Array.from({ length: 1_000 }, (_, call) => call));
});

test("each of them gets the lowest number that nobody holds", async () => {
  const { events } = await load(2);
  const free = new Set(Array.from({ length: SLOTS }, (_, number) => number));
  const held = new Map<string, number>();
  for (const event of events) {
    if (event.type === "granted") {
      expect(event.slot).toBe(Math.min(...free));
      free.delete(event.slot);
      held.set(event.acquisition, event.slot);
    }
    if (event.type === "released") free.add(held.get(event.acquisition) ?? -1);
  }
  expect(held.size).toBe(1_000);
  expect([...free].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test("each of them gets a higher fencing token than the one before", async () => {
  const { events } = await load(3);
  const tokens = events.flatMap((event) => (event.type === "granted" ? event.token : []));
  expect(tokens.length).toBe(1_000);
  expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
});

test("a hundred thousand who wait for one slot drain in order", { timeout: 60_000 }, async () => {
  const semaphore = Fleet.simulated().coordinator().semaphore({ name: "api", value: 1 });
  const order: number[] = [];
  const holder = await semaphore.acquire();
  const crowd = Array.from({ length: 100_000 }, (_, call) =>
    semaphore.acquire().then((slot) => {
      order.push(call);
      return slot.release();
    }),
  );
  await holder.release();
  await Promise.all(crowd);
  expect(order.every((call, i) => call === i)).toBe(true);
  expect(order.length).toBe(100_000);
});
