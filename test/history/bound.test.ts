/** Nobody gets his slot later than it was said, whatever others do, as long as no operator intervenes. */

import fc from "fast-check";
import { expect, test } from "vitest";
import type { Terms } from "../../src/core/command.js";
import { nextDeadline } from "../../src/core/deadlines.js";
import { why } from "../../src/history/why.js";
import { type Ask, acquire, heartbeat, release, resize } from "../support/commands.js";
import { PATIENT } from "../support/moves.js";
import { Partition } from "../support/partition.js";

const terms: fc.Arbitrary<Terms> = fc.record(
  {
    ttlMs: fc.integer({ min: 1, max: 5_000 }),
    maxAcquireTimeMs: fc.integer({ min: 1, max: 20_000 }),
    heartbeatMaxIntervalMs: fc.constant(3_000),
  },
  { requiredKeys: ["ttlMs"] },
);

interface Move {
  readonly passedMs: number;
  readonly release: number | undefined;
  readonly terms: Terms;
  readonly who: "0-s" | "0-t";
}

const move: fc.Arbitrary<Move> = fc.record({
  passedMs: fc.integer({ min: 0, max: 400 }),
  release: fc.option(fc.nat({ max: 20 }), { nil: undefined, freq: 1 }),
  terms,
  who: fc.constantFrom("0-s" as const, "0-t" as const),
});

/** Time passes, and whatever is due by then is decided when it is due. */
function pass(partition: Partition, until: number): void {
  for (;;) {
    const due = nextDeadline(partition.state);
    if (due === undefined || due > until) break;
    partition.at(Math.max(due, partition.now)).tick();
  }
  partition.at(until);
}

function play(partition: Partition, moves: readonly Move[], prefix: string): void {
  for (const [index, { passedMs, release: whom, terms, who: by }] of moves.entries()) {
    pass(partition, partition.now + passedMs);
    const ask: Ask =
      whom === undefined
        ? acquire(`${prefix}${index}`, { value: 3, by, ...terms })
        : release(`a${whom}`, { by });
    partition.given(ask, heartbeat({ by }));
  }
}

test("a bound is kept", PATIENT, () => {
  const moves = fc.array(move, { minLength: 5, maxLength: 20, size: "max" });
  let bounded = 0;
  fc.assert(
    fc.property(moves, fc.integer({ min: 1, max: 3 }), moves, (before, value, after) => {
      const partition = new Partition();
      play(partition, before, "a");
      partition.given(resize("api", value, { declared: 3 }));
      const { state, now } = partition;
      const bounds = new Map<string, number>();
      for (const { id, grant } of state.acquisitions.values()) {
        const explanation = why(state, now, id, []);
        if (grant || explanation.kind !== "waiting") continue;
        expect(explanation.grantedAtLatest).toBeGreaterThanOrEqual(now);
        bounds.set(id, explanation.grantedAtLatest ?? Infinity);
      }
      const from = state.seq;
      play(partition, after, "b");
      pass(partition, partition.now + 200_000);
      for (const event of partition.events) {
        if (event.seq <= from || event.type !== "granted") continue;
        const bound = bounds.get(event.acquisition) ?? Infinity;
        expect(event.at).toBeLessThanOrEqual(bound);
        if (bound < Infinity) bounded++;
      }
    }),
    { numRuns: 150 },
  );
  expect(bounded).toBeGreaterThan(50);
});

test("and it is no later than it need be: the worst that can be does happen", () => {
  const partition = new Partition().given(
    ...["a", "b", "c", "d"].map((id) => acquire(id, { value: 2, ttlMs: 1_000 })),
    acquire("e", { value: 2 }),
  );
  const explanation = why(partition.state, 0, "e", []);
  pass(partition, 10_000);
  expect(explanation).toMatchObject({ grantedAtLatest: 2_000 });
  const granted = partition.events.find(
    (event) => event.type === "granted" && event.acquisition === "e",
  );
  expect(granted?.at).toBe(2_000);
});

test("who gives up before he can be served makes nobody wait for all that he may hold", () => {
  const partition = new Partition().given(
    acquire("a", { ttlMs: 10_000 }),
    acquire("b", { ttlMs: 9_000, maxAcquireTimeMs: 2_000 }),
    acquire("c"),
  );
  // If b is served at all, it is by 2 s.
  expect(why(partition.state, 0, "c", [])).toMatchObject({ grantedAtLatest: 11_000 });
});

test("what is due and was not decided yet is due now", () => {
  const partition = new Partition().given(acquire("a", { ttlMs: 5_000 }), acquire("b"));
  expect(why(partition.state, 8_000, "b", [])).toMatchObject({
    ...{ grantedAtLatest: 8_000, next: { what: "release", atLatest: 8_000 } },
  });
});
