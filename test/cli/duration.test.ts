import { describe, expect, test } from "vitest";
import { parseDuration, showDuration, showMoment } from "../../src/cli/duration.js";

describe("a duration is read", () => {
  test.each([
    ["250", 250],
    ["0", 0],
    ["500ms", 500],
    ["30s", 30_000],
    ["1.5m", 90_000],
    [".5s", 500],
    ["2 h", 7_200_000],
    ["1 day", 86_400_000],
    ["10S", 10_000],
  ])("%s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(["", "s", "10x", "-1s", "1e3", "0x10", "1,5s", "1s 2s", "Infinity", "9".repeat(200)])(
    "but not %j",
    (text) => {
      expect(() => parseDuration(text)).toThrow(/a time like 500ms, 30s, 5m or 2h/);
    },
  );
});

test.each([
  [0, "0 ms"],
  [8.4, "8 ms"],
  [999.4, "999 ms"],
  [999.5, "1.0 s"],
  [12_345, "12.3 s"],
  [59_949, "59.9 s"],
  [59_950, "1 min 0 s"],
  [250_000, "4 min 10 s"],
  [3_599_600, "1 h 0 min"],
  [7_500_000, "2 h 5 min"],
])("a duration of %d ms is shown as %s", (ms, text) => {
  expect(showDuration(ms)).toBe(text);
});

test.each([
  [1_000, "12.3 s ago", 13_345],
  [1_000, "now", 1_049],
  [1_049, "now", 1_000],
  [251_000, "in 4 min 10 s", 1_000],
])("the moment %d is %s at %d", (at, text, now) => {
  expect(showMoment(at, now)).toBe(text);
});
