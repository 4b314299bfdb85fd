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
