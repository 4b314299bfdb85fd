/** What `npm run sim` takes, and what it makes of many worlds. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PATHS } from "./reached.js";
import { flagsOf, USAGE, UsageError } from "./runner/flags.js";
import { type Outcome, outcomeOf } from "./runner/outcome.js";
import { pageOf } from "./runner/page.js";
import { MANY, Sum } from "./runner/sum.js";

test("one seed means one world, and none a thousand", () => {
  expect(flagsOf(["--seed", "7"])).toMatchObject({ seed: 7, seeds: 1, shards: 1 });
  expect(flagsOf([])).toMatchObject({ seed: 1, seeds: 1000 });
  expect(flagsOf(["--seed", "7", "--seeds", "3", "--shards", "9"])).toMatchObject({ shards: 3 });
  expect(flagsOf(["--seeds", "20", "--trace"])).toMatchObject({ shards: 1, trace: true });
});

test.each([
  [["--foo"], /--foo/],
  [["7"], /7/],
  [["--seed"], /seed/],
  [["--seed", "0"], /whole number from 1 on/],
  [["--seeds", "1.5"], /whole number/],
  [["--seed", "1e3"], /whole number/],
  [["--seed", "4294967295", "--seeds", "2"], /last seed/],
  [["--trace", "--json"], /--trace and --json/],
  [["--trace", "--shards", "2"], /one shard/],
])("it complains of %j", (args, message) => {
  expect(() => flagsOf(args)).toThrow(UsageError);
  expect(() => flagsOf(args)).toThrow(message);
});

test("the order in which worlds end changes nothing in their sum", async () => {
  const outcomes = [await outcomeOf({ seed: 1 }), await outcomeOf({ seed: 2 })];
  const [forth, back] = [summed(outcomes), summed(outcomes.toReversed())];
  expect(forth).toEqual(back);
  expect(forth.steps).toBe(outcomes.reduce((steps, outcome) => steps + outcome.steps, 0));
  expect(forth.hash).not.toBe(outcomes[0]?.hash);
});

test("an outcome counts what was checked, and what happened", async () => {
  const { hash, steps, checks, simulatedMs } = await outcomeOf({ seed: 5 });
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(steps).toBeGreaterThan(100);
  expect(simulatedMs).toBeGreaterThan(1000);
  for (const number of ["3", "9", "10", "11", "12", "13", "witness"]) {
    expect(checks[number], number).toBeGreaterThan(0);
  }
});

test("more steps make a longer world", async () => {
  const { steps } = await outcomeOf({ seed: 5, steps: 8000 });
  expect(steps).toBeGreaterThan(8000);
});

test("many worlds must take every path; those that were missed are named", () => {
  const taken = Object.fromEntries(PATHS.map((path) => [path, 1]));
  const { "a gap was refused": _, ...others } = taken;
  const outcomes = Array.from({ length: MANY }, (_, index) => outcome(index + 1, others));
  expect(summed(outcomes).missed).toEqual(["a gap was refused"]);
  expect(pageOf(summed(outcomes))).toContain("No world took these paths: a gap was refused.");
  expect(summed(outcomes.slice(1)).missed).toEqual([]);
  expect(summed([...outcomes, outcome(MANY + 1, taken)]).missed).toEqual([]);
});

test("failures are told by their seeds", () => {
  const summary = summed([{ ...outcome(9, {}), failure: "wrong" }, outcome(3, {})]);
  expect(summary).toMatchObject({ failed: [9], firstSeed: 3, seeds: 2 });
  expect(pageOf(summary)).toMatch(/^failures +9$/m);
});

describe("the guide", () => {
  const guide = readFileSync("docs/guides/simulation.md", "utf8");

  test("explains every flag, and no other", () => {
    const flags = (text: string) => new Set(text.match(/--[a-z]+/g));
    const table = guide.match(/^\| `--.*$/gm)?.join("\n") ?? "";
    expect(flags(table)).toEqual(flags(USAGE));
  });

  test("calls it as it can be called", () => {
    const calls = [...guide.matchAll(/^npm run sim -- (.*)$/gm)].map(([, args = ""]) => args);
    expect(calls.length).toBeGreaterThan(3);
    // Mistakes are built in before the flags are looked at.
    const flags = calls.map((args) => args.replace(/--mutation \S+ ?/, "").trim());
    for (const args of flags) {
      expect(() => flagsOf(args === "" ? [] : args.split(" ")), args).not.toThrow();
    }
  });

  test("names every rare path", () => {
    expect(PATHS.filter((path) => !guide.includes(path))).toEqual([]);
  });
});

function outcome(seed: number, reached: Outcome["reached"]): Outcome {
  return { seed, hash: `${seed}`, steps: 1, simulatedMs: 1, faults: {}, checks: {}, reached };
}

function summed(outcomes: readonly Outcome[]) {
  const sum = new Sum();
  for (const each of outcomes) sum.add(each);
  return sum.summary(1000);
}
