/** Every known trap of distributed semaphores has a test that names it: "(trap 7)", or a trace `trap-07-…`. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const TESTS = fileURLToPath(new URL("..", import.meta.url));

/** What has gone wrong in others' projects, by number. */
const TRAPS = [
  "a pruned holder comes back and releases its successor's slot",
  "a cleanup path skips the release",
  "a lost reply to an acquire leaves an orphan",
  "a cancel races a grant",
  "a grant comes after the waiter's lease died",
  "a dead head blocks the queue",
  "a missed wake-up makes somebody wait for ever",
  "every waiter wakes for one slot",
  "clients' clocks decide",
  "expiry is judged by the caller's options",
  "a resize wakes nobody, or peers disagree silently",
  "the window of known commands forgets, and a late one acts again",
  "empty is taken for missing",
  "work is admitted before recovery is finished",
  "keys leak for ever",
  "trimming removes what was not applied",
  "tokens or epochs go back after a failover",
  "a leader is fenced by its own retry",
  "what is not committed is announced",
  "a waiter that timed out keeps its place",
  "an unhandled rejection kills the process",
  "Redis is down past the limit, and the holder still believes",
  "a script has too many arguments",
  "error texts are compared",
  "a crashed holder without expiry leaks its slot",
  "one instance acquired several times ignores the limit",
  "a throwing observer, or a timer beyond 2^31 ms, wedges the machine",
  "slot numbers are only a count",
  "Redis comes back with its last moments lost, unnoticed",
  "a commit fails half-way",
  "an old socket is read after the new one",
  "a listener acts again inside a transition",
  "the server's clock jumps, and the world expires",
  "deleting the last field deletes the key",
  "Lua prints large integers rounded",
];

/** Those whose test comes with a later step, and why. */
const LATER = new Map<number, string>();

/** The traps that the tests in a file name. */
function namedIn(path: string): number[] {
  const [, trace] = /trap-(\d+)-[^/]+\.txt$/.exec(path) ?? [];
  if (trace !== undefined) return [Number(trace)];
  if (!path.endsWith(".ts")) return [];
  const text = readFileSync(join(TESTS, path), "utf8");
  return [...text.matchAll(/\(trap (\d+)\)/g)].map(([, number]) => Number(number));
}

const named = new Set(readdirSync(TESTS, { recursive: true, encoding: "utf8" }).flatMap(namedIn));

test.each(TRAPS.map((what, index) => [index + 1, what] as const))(
  "trap %i has a test, or a reason to have none yet: %s",
  (number) => {
    expect(named.has(number) !== LATER.has(number)).toBe(true);
  },
);

test("no test names a trap that is not known", () => {
  const unknown = [...named].filter((number) => number < 1 || number > TRAPS.length);
  expect(unknown).toEqual([]);
});
