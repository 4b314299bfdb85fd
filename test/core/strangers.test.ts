/** A session's id begins with its birth in server milliseconds; one that tells no birth is a stranger's. */

import { expect, test } from "vitest";
import { heartbeat } from "../support/commands.js";
import { Partition } from "../support/partition.js";

const NOW = 100_000;
const greet = (session: string) => new Partition().at(NOW).when(heartbeat({ by: session }));
const refused = (session: string) => [`refused (stranger) by ${session}#1`];

test.each(["100000-s", "99999-s", "40001-s", "100000-with-dashes"])("%s is welcome", (session) => {
  expect(greet(session)).toEqual([`heartbeat by ${session}#1`]);
});

test.each(["40000-s", "100001-s", "-s", "nobody", "a100000-s", "Infinity-s"])(
  "%s is a stranger",
  (session) => {
    expect(greet(session)).toEqual(refused(session));
  },
);

test("BUG 2: an id without a dash tells no birth, even if all but its last character would", () => {
  expect(greet("100000x")).toEqual(refused("100000x"));
});

const HOUR = 3_600_000;
const greetAfterJumps = (session: string) => {
  const partition = new Partition();
  partition.at(NOW).lead({ type: "tick" });
  partition.at(NOW + HOUR + 10_000).lead({ type: "rebase", byMs: HOUR });
  return partition.at(NOW + HOUR + 20_000).when(heartbeat({ by: session }));
};

test.each([
  ["just before the clock jumped", "100000-s"],
  ["a minute ago, with the jump in between", "60001-s"],
  ["since the jump", "3719999-s"],
])("a session that was born %s is welcome", (_when, session) => {
  expect(greetAfterJumps(session)).toEqual([`heartbeat by ${session}#1`]);
});

test.each([
  ["more than a minute ago, with the jump in between", "60000-s"],
  ["in the midst of the jump", "2000000-s"],
  ["in the future", "3720001-s"],
])("a session that was born %s is a stranger", (_when, session) => {
  expect(greetAfterJumps(session)).toEqual(refused(session));
});
