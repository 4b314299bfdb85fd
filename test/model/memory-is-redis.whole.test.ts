/** Memory mode and Redis mode are the same semaphore: what is asked of both has the same answers, in the same order. */

import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RedisServer, startRedis } from "../support/redis-server.js";
import { difference, holdsFor, legible, SEARCH_MS } from "./compare.js";
import { inMemory } from "./in-memory.js";
import { EVERYTHING, kindOf } from "./kinds.js";
import { forcing, forgettingResizes, tellingOnlyWhoAsked } from "./lies.js";
import { type Lie, RedisSide } from "./on-redis.js";
import { describeStory, type Story, story } from "./words.js";

const PATIENT = { timeout: SEARCH_MS + 120_000 };

let server: RedisServer;
let redis: RedisSide;
beforeAll(async () => {
  server = await startRedis();
  redis = new RedisSide(server);
});
afterAll(async () => {
  redis.close();
  await server[Symbol.asyncDispose]();
});

/** @throws a story in which they differ */
async function compare(told: Story, lie?: Lie): Promise<void> {
  const [memory, reality] = await Promise.all([inMemory(told), redis.live(told, lie)]);
  const found =
    difference("the events", memory.events.map(legible), reality.events.map(legible)) ??
    difference("what sessions were told", memory.told, reality.told);
  if (found !== undefined) throw new Error(`${describeStory(told)}\n\n${found}`);
}

test("the same commands have the same events, and the same is told", PATIENT, async () => {
  const budget = { searchMs: SEARCH_MS, shrinkMs: 60_000 };
  expect(await holdsFor(budget, story, (told) => compare(told))).toBeGreaterThan(0);
});

test("stories meet everything that sessions and time can bring about", PATIENT, async () => {
  const met = new Set<string>();
  for (const told of fc.sample(story, { numRuns: 300, seed: 7 })) {
    for (const event of (await inMemory(told)).events) met.add(kindOf(event));
  }
  expect(EVERYTHING.filter((kind) => !met.has(kind))).toEqual([]);
});

test.each<[string, Lie]>([
  ["a leader forgets a resize when it takes over", forgettingResizes],
  ["a leader takes a revoke for a forced one", forcing],
  ["sessions are not told what others did to theirs", tellingOnlyWhoAsked],
])("it is found when %s", PATIENT, async (_what, lie) => {
  const budget = { searchMs: 60_000, shrinkMs: 2_000 };
  const found = holdsFor(budget, story, (told) => compare(told, lie));
  await expect(found).rejects.toThrow(/differ at number/);
});
