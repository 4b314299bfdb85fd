/** Whatever several sessions do, in whatever order: the semaphore does what a list and a counter would do. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Asked, Model } from "../support/memory-model.js";
import { Reality } from "../support/memory-reality.js";

const VALUE = 2;
const SESSIONS = 3;

const type = <T extends string>(name: T) => fc.constant(name);
const who = fc.nat({ max: SESSIONS - 1 });
/** Which of those who asked, counted from the last: the young ones are the interesting ones. */
const whom = fc.nat({ max: 7 });
const moment = fc.integer({ min: 1, max: 30 });

const asked: fc.Arbitrary<Asked> = fc.record(
  {
    ttlMs: moment,
    maxAcquireTimeMs: moment,
    maxQueueSize: fc.nat({ max: 3 }),
    heartbeatMaxIntervalMs: fc.constantFrom(500, 900),
  },
  { requiredKeys: [] },
);

const move = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: type("acquire"), who, asked }) },
  { weight: 3, arbitrary: fc.record({ type: type("try"), who, asked }) },
  { weight: 6, arbitrary: fc.record({ type: type("release"), who, whom, byId: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: type("cancel"), whom }) },
  { weight: 2, arbitrary: fc.record({ type: type("revoke"), who, whom, force: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: type("resize"), who, value: fc.nat({ max: 4 }) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: type("advance"),
      ms: fc.oneof(
        { weight: 9, arbitrary: moment },
        { weight: 1, arbitrary: fc.constant(120_000) },
      ),
    }),
  },
);

type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;

/** Both do the move; what they answer, where there is an answer. */
async function play(move: Move, model: Model, reality: Reality): Promise<[unknown, unknown]> {
  if (move.type === "acquire")
    return [model.acquire(move.asked), reality.acquire(move.who, move.asked)];
  if (move.type === "try")
    return [model.tryAcquire(move.asked), reality.tryAcquire(move.who, move.asked)];
  if (move.type === "advance") return [model.advance(move.ms), reality.advance(move.ms)];
  if (move.type === "resize") {
    return [model.resize(move.value), await reality.resize(move.who, move.value)];
  }
  const index = model.entries.length - 1 - move.whom;
  if (index < 0) return [undefined, undefined];
  switch (move.type) {
    case "cancel":
      return [model.cancel(index), reality.cancel(index)];
    case "release": {
      const released = await reality.release(index, move.who, move.byId);
      return [model.release(index), released ?? false];
    }
    case "revoke": {
      const revoked = await reality.revoke(index, move.who, move.force);
      return [model.revoke(index), revoked ?? false];
    }
  }
}

async function compare(model: Model, reality: Reality): Promise<void> {
  const { stats, locked, holders, queue } = await reality.views();
  expect(reality.outcomes).toEqual(model.outcomes);
  expect(stats).toEqual(model.stats);
  expect(holders).toEqual(model.holders);
  expect(queue).toEqual(model.queue);
  expect(locked).toBe(model.locked);
}

async function expectSame(moves: readonly Move[]): Promise<void> {
  const [model, reality] = [new Model(VALUE), new Reality(VALUE, SESSIONS)];
  for (const move of moves) {
    const [expected, answer] = await play(move, model, reality);
    await reality.settled();
    expect(answer).toEqual(expected);
    await compare(model, reality);
  }
  const tokens = await reality.tokens();
  expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
}

test("the semaphore does what the model does", { timeout: 120_000 }, async () => {
  await fc.assert(fc.asyncProperty(fc.array(move, { maxLength: 80, size: "max" }), expectSame), {
    numRuns: 300,
  });
});
