import { describe, expect, test } from "vitest";
import { HealthLines } from "../../src/cli/health-lines.js";
import { BackendUnavailableError, type ReconcilerHealth } from "../../src/index.js";

const NOON = Date.UTC(2026, 0, 31, 12);
const OUTAGE = new BackendUnavailableError("Redis is not available: it is gone.");

const standby: ReconcilerHealth = {
  leading: false,
  epoch: undefined,
  commits: 0,
  failure: undefined,
};
const leading: ReconcilerHealth = { leading: true, epoch: 7, commits: 1, failure: undefined };
const failing: ReconcilerHealth = { ...standby, commits: 1, failure: OUTAGE };

/** What is told of each, a second apart; `due` where nothing but the time says so. */
function told(asJson: boolean, ...moments: readonly (ReconcilerHealth & { due?: true })[]) {
  const lines = new HealthLines(asJson);
  return moments.map((health, second) =>
    lines.next(health, NOON + second * 1_000, health.due === true),
  );
}

describe("for people", () => {
  test("a line at each change, and when it is due", () => {
    const lines = told(
      false,
      standby,
      standby,
      { ...standby, due: true },
      leading,
      { ...leading, commits: 9 },
      { ...leading, commits: 12, due: true },
      { ...leading, epoch: 8, commits: 12 },
      { ...standby, commits: 12 },
    ).map(({ line }) => line);
    expect(lines).toEqual([
      "2026-01-31T12:00:00.000Z standing by, 0 commits\n",
      undefined,
      "2026-01-31T12:00:02.000Z standing by, 0 commits\n",
      "2026-01-31T12:00:03.000Z leading, epoch 7, 1 commit\n",
      undefined,
      "2026-01-31T12:00:05.000Z leading, epoch 7, 12 commits\n",
      "2026-01-31T12:00:06.000Z leading, epoch 8, 12 commits\n",
      "2026-01-31T12:00:07.000Z standing by, 12 commits\n",
    ]);
  });

  test("one complaint an outage, and when it is back", () => {
    const due = { ...failing, due: true } as const;
    expect(told(false, leading, failing, failing, due, standby, failing)).toEqual([
      { line: "2026-01-31T12:00:00.000Z leading, epoch 7, 1 commit\n" },
      {
        line: "2026-01-31T12:00:01.000Z cannot reach Redis, 1 commit\n",
        complaint: "Redis is not available: it is gone. It goes on trying.",
      },
      {},
      { line: "2026-01-31T12:00:03.000Z cannot reach Redis, 1 commit, for 2.0 s\n" },
      { line: "2026-01-31T12:00:04.000Z standing by, 0 commits, back after 3.0 s\n" },
      {
        line: "2026-01-31T12:00:05.000Z cannot reach Redis, 1 commit\n",
        complaint: "Redis is not available: it is gone. It goes on trying.",
      },
    ]);
  });
});

test("for programs, an object a line", () => {
  const lines = told(true, standby, leading, failing).map(({ line = "" }) => JSON.parse(line));
  expect(lines).toEqual([
    { at: "2026-01-31T12:00:00.000Z", role: "standby", commits: 0 },
    { at: "2026-01-31T12:00:01.000Z", role: "leading", epoch: 7, commits: 1 },
    { at: "2026-01-31T12:00:02.000Z", role: "failing", commits: 1, failure: OUTAGE.message },
  ]);
});
