/** `no-wait` and `queue=N` turn away only who could not be given a slot in this very step, unless grants pause. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { isPaused } from "../../src/core/deadlines.js";
import type { AbandonedEvent, Event } from "../../src/core/event.js";
import { steadyTime } from "../../src/core/state.js";
import { acquire } from "../support/commands.js";
import { PATIENT, Player, walk } from "../support/moves.js";
import { Partition } from "../support/partition.js";

test("BUG 1: who doesn't wait gets the second of two slots that come free at once", () => {
  const partition = new Partition().given(
    acquire("a", { value: 2, ttlMs: 1_000 }),
    acquire("b", { value: 2, ttlMs: 1_000 }),
    acquire("waiter", { value: 2 }),
  );
  partition.at(1_000).when(acquire("c", { value: 2, noWait: true }));
  expect(holdersIn(partition)).toEqual(["waiter", "c"]);
});

test("BUG 1: who doesn't queue gets the second of two slots that come free at once", () => {
  const partition = new Partition().given(
    acquire("a", { value: 2, ttlMs: 1_000 }),
    acquire("b", { value: 2, ttlMs: 1_000 }),
    acquire("waiter", { value: 2 }),
  );
  partition.at(1_000).when(acquire("c", { value: 2, maxQueueSize: 0 }));
  expect(holdersIn(partition)).toEqual(["waiter", "c"]);
});

test("BUG 1: who brings a larger value gets one of the slots that it brings", () => {
  const partition = new Partition().given(acquire("a"), acquire("waiter"));
  partition.when(acquire("c", { value: 3, onValueMismatch: "adopt", noWait: true }));
  expect(holdersIn(partition)).toEqual(["a", "waiter", "c"]);
});

test("BUG 1: nobody is turned away beside a free slot", PATIENT, () => {
  fc.assert(
    fc.property(walk, (moves) => {
      const partition = new Partition();
      const player = new Player(partition);
      for (const move of moves) {
        const before = partition.events.length;
        player.play([move]);
        const { state } = partition;
        if (isPaused(state, steadyTime(state, state.at))) continue;
        for (const { semaphore: name } of partition.events.slice(before).filter(isTurnedAway)) {
          const semaphore = state.semaphores.get(name);
          const free = (semaphore?.effective ?? 0) - (semaphore?.holders.size ?? 0);
          if (free > 0) expect.fail(`${free} of ${name} are free\n\n${partition.trace()}`);
        }
      }
    }),
    { numRuns: 100 },
  );
});

function isTurnedAway(event: Event): event is AbandonedEvent {
  return event.type === "abandoned" && (event.reason === "busy" || event.reason === "queue-full");
}

function holdersIn({ state }: Partition): string[] {
  return [...(state.semaphores.get("api")?.holders ?? [])].map(({ id }) => id);
}
