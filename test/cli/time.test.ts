import { describe, expect, test } from "vitest";
import { momentOf, parseTime, showTime } from "../../src/cli/time.js";

describe("a time is read", () => {
  test.each([
    ["2026-11-23T03:12:30.5Z", Date.UTC(2026, 10, 23, 3, 12, 30, 500)],
    ["2026-11-23T03:12", Date.UTC(2026, 10, 23, 3, 12)],
    ["2026-11-23 03:12:30", Date.UTC(2026, 10, 23, 3, 12, 30)],
    ["2026-11-23t04:12+01:00", Date.UTC(2026, 10, 23, 3, 12)],
    ["2026-11-23", Date.UTC(2026, 10, 23)],
    ["2028-02-29", Date.UTC(2028, 1, 29)],
    ["1795403520000", 1_795_403_520_000],
    ["0", 0],
  ])("%s", (text, at) => {
    expect(parseTime(text)).toEqual({ at });
  });

  test.each([
    ["10m", 600_000],
    ["0s", 0],
    ["1.5h", 5_400_000],
  ])("%s ago", (text, ago) => {
    expect(parseTime(text)).toEqual({ ago });
  });

  test.each([
    "",
    "yesterday",
    "2026-02-29",
    "2026-13-01",
    "2026-11-23T25:00Z",
    "03:12",
    "-5m",
    "1e3",
  ])("%j is none", (text) => {
    expect(() => parseTime(text)).toThrow(/^It must be a date like 2026-11-23T03:12Z, /);
  });
});

test("what is ago counts from now", () => {
  expect(momentOf({ ago: 5_000 }, 60_000)).toBe(55_000);
  expect(momentOf({ at: 5_000 }, 60_000)).toBe(5_000);
  expect(momentOf(undefined, 60_000)).toBeUndefined();
});

test("a time is shown in UTC, or in milliseconds where no calendar reaches", () => {
  expect(showTime(Date.UTC(2026, 10, 23, 3, 12))).toBe("2026-11-23T03:12:00.000Z");
  expect(showTime(9e15)).toBe("9000000000000000 ms");
});
