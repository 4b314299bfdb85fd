import { describe, expect, test } from "vitest";
import { progressLine } from "../../src/cli/run/progress-bar.js";
import { quote, summary } from "../../src/cli/run/summary.js";
import { Tally } from "../../src/cli/run/tally.js";

function tally(counts: Partial<Tally>): Tally {
  return Object.assign(new Tally(), counts);
}

const bar = (share: number) => `<${Math.round(share * 100)} %>`;

describe("the bar", () => {
  test("stands once all lines are read", () => {
    const all = { read: 24, readAll: true, succeeded: 11, failed: 1, running: 4 };
    expect(progressLine(tally(all), bar)).toBe("<50 %> 12 of 24 lines, 1 failed, 4 running");
  });

  test("is not drawn before, since nobody knows how many there will be", () => {
    const some = { read: 24, succeeded: 12, running: 4 };
    expect(progressLine(tally(some), bar)).toBe("12 of 24+ lines, 4 running");
  });

  test("can stand for nothing at all", () => {
    expect(progressLine(tally({ readAll: true }), bar)).toBe("<0 %> 0 of 0 lines, 0 running");
  });
});

describe("the summary", () => {
  test("tells what was done, how long it waited, and who held longest", () => {
    const done = tally({ read: 100, readAll: true, succeeded: 97, failed: 3 });
    for (let ms = 1; ms <= 100; ms++) done.waited(ms * 10);
    done.held("a.txt", 1200);
    done.held("b.txt", 5000);
    done.held("c.txt", 900);
    expect(summary(done, 61_000)).toEqual([
      "100 lines: 97 done, 3 failed, in 1 min 1 s",
      "waited for a slot: p50 500 ms, p99 990 ms",
      'held a slot longest: 5.0 s, for "b.txt"',
    ]);
  });

  test("says so when not all was run", () => {
    const early = tally({ read: 24, succeeded: 5, failed: 1, interrupted: 4 });
    expect(summary(early, 800)).toEqual([
      "ended early: 5 done, 1 failed, 4 interrupted, the rest was not run, in 800 ms",
    ]);
  });

  test("counts one line as one line", () => {
    const one = tally({ read: 1, readAll: true, succeeded: 1 });
    expect(summary(one, 5)).toEqual(["1 line: 1 done, in 5 ms"]);
  });
});

test("a million waits take no more memory than one", () => {
  const many = new Tally();
  for (let i = 0; i < 1_000_000; i++) many.waited(i / 1000);
  expect(many.waitPercentileMs(50)).toBeCloseTo(500, -1);
  expect(many.waitPercentileMs(99)).toBeCloseTo(990, -1);
});

describe("a line is named", () => {
  test("in quotes, so that it can't disturb the terminal", () => {
    expect(quote('a "b"\u001b[2J\t')).toBe('"a \\"b\\"\\u001b[2J\\t"');
  });

  test("by its beginning, if it is long", () => {
    expect(quote("x".repeat(500))).toBe(`"${"x".repeat(60)}…"`);
  });
});
