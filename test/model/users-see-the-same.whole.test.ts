/** Whoever uses the public names sees the same in memory and on Redis: outcomes, errors, views, history. */

import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { turn } from "../support/memory-promises.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";
import { type Action, actions, describeAction } from "./actions.js";
import { difference, holdsFor, SEARCH_MS } from "./compare.js";
import { MemoryMode, type Mode, RedisMode } from "./modes.js";
import { Users } from "./users.js";

const PATIENT = { timeout: SEARCH_MS + 120_000 };

const EVERYTHING = [
  ...[/waits/, /slot 2/, /, released/, /: nothing/, /the caller's reason/],
  ...[/lost: ttl/, /lost: revoked/, /lost: closed/],
  ...[/ACQUIRE_TIMEOUT/, /ACQUIRE_CANCELLED/, /QUEUE_FULL/, /VALUE_MISMATCH/, /CLOSED/],
  ...[/^release: true/m, /^release: false/m, /by id: true/, /by id: false/],
  ...[/^revoke: true/m, /^revoke: false/m, /^resize: true/m, /^resize: false/m],
  ...[/\(left\)/, /expired .*\(revoked\)/, /^revoked /m, /^declared /m, /^resized /m],
];

let server: RedisServer;
let memory: Mode;
let redis: Mode;
beforeAll(async () => {
  server = await startRedis();
  memory = MemoryMode.begin();
  redis = RedisMode.begin(server);
});
afterAll(async () => {
  await memory.close();
  await redis.close();
  await server[Symbol.asyncDispose]();
});

let semaphores = 0;

/** What becomes of an action on Redis; itself, unless a test wants to see that a difference is found. */
type Lie = (action: Action) => Action | undefined;

/** @throws what was done until they differed, and where they do */
async function compare(actions: readonly Action[], lie: Lie, patienceMs: number): Promise<void> {
  const name = `of-story-${++semaphores}`;
  const [here, there] = [new Users(memory, name), new Users(redis, name)];
  const done: string[] = [];
  const play = async (action: Action) => {
    done.push(describeAction(action));
    const other = lie(action);
    const answers = await Promise.all([here.play(action), other && there.play(other)]);
    const [answer = "", reply = ""] = answers.map(String);
    const found =
      difference("the answers", [answer], [reply]) ??
      (await differenceSeen(here, there, patienceMs));
    if (found) throw new Error(`${done.join("\n")}\n\n${found}`);
  };
  for (const action of actions) await play(action);
  for (const ending of here.endings()) await play(ending);
}

/** What is still different after a while: memory is there at once, on Redis it takes its time. */
async function differenceSeen(
  here: Users,
  there: Users,
  patienceMs: number,
): Promise<string | undefined> {
  let found: string | undefined;
  const look = async () => {
    found = difference("what users see", await here.seen(), await there.seen());
    if (found !== undefined) throw new Error(found);
  };
  try {
    await vi.waitFor(look, { interval: 1, timeout: patienceMs });
  } catch (error) {
    if (found === undefined) throw error;
  }
  return found;
}

test("users of memory and of Redis see the same", PATIENT, async () => {
  const budget = { searchMs: SEARCH_MS, shrinkMs: 60_000 };
  const honest: Lie = (action) => action;
  const runs = await holdsFor(budget, actions, (all) => compare(all, honest, 5_000));
  expect(runs).toBeGreaterThan(0);
});

test("users meet all that can become of what they ask", PATIENT, async () => {
  let met = "";
  for (const all of fc.sample(actions, { numRuns: 60, seed: 7 })) {
    const users = new Users(memory, `of-story-${++semaphores}`);
    for (const action of all) {
      met += `${action.type}: ${await users.play(action)}\n`;
      await turn();
    }
    met += (await users.seen()).join("\n");
    for (const ending of users.endings()) await users.play(ending);
  }
  expect(EVERYTHING.filter((what) => !what.test(met))).toEqual([]);
});

test.each<[string, Lie]>([
  [
    "a revoke is a forced one",
    (action) => (action.type === "revoke" ? { ...action, force: true } : action),
  ],
  ["an abort is not heard of", (action) => (action.type === "abort" ? undefined : action)],
  [
    "queues may be longer than they should",
    (action) => {
      if (action.type !== "acquire") return action;
      const { maxQueueSize: _longer, ...options } = action.options;
      return { ...action, options };
    },
  ],
])("it is found when on Redis %s", PATIENT, async (_what, lie) => {
  const budget = { searchMs: 60_000, shrinkMs: 3_000 };
  const found = holdsFor(budget, actions, (all) => compare(all, lie, 300));
  await expect(found).rejects.toThrow(/differ at number/);
});
