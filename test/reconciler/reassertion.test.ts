/** What a leader stores and tells of what is asserted again after a loss of data. */

import { describe, expect, test } from "vitest";
import { State } from "../../src/core/state.js";
import type { Commit, Message, ReadEntry } from "../../src/ports.js";
import { Ledger } from "../../src/reconciler/ledger.js";
import { LOADED } from "./support.js";

function entry(id: string, session: string, number: number, draft: object): ReadEntry {
  return { id, entry: { session, number, seen: 0, commands: JSON.stringify([draft]) } };
}

const reassert = (acquisition: string, token: number, terms = {}) => ({
  ...{ type: "reassert", semaphore: "api", acquisition, value: 1, slot: 0, token },
  ...{ queuedAt: 0, grantedAt: 0, terms },
});

const RESTARTED = { at: 1, command: { type: "restart", pauseMs: 500 } } as const;

function messageTo(session: string, commit: Commit): Message {
  return JSON.parse(commit.messages.get(session)?.text ?? "null");
}

describe("a commit", () => {
  test("says for how long anybody may hold without being heard, also who was forgotten", () => {
    const ledger = new Ledger({ ...LOADED, pauseMs: 5_000 }, new State(), 7);
    const terms = (heartbeatMaxIntervalMs: number) => ({ heartbeatMaxIntervalMs });
    const words = [
      reassert("a1", 1_000, terms(20_000)),
      reassert("a2", 900, terms(30_000)),
      reassert("a3", 1_100, terms(9_000)),
    ];
    const commits = words.map((word, index) =>
      ledger.decide(index === 0 ? [RESTARTED] : [], [
        entry(`${index + 2}-0`, "0-a", index + 1, word),
      ]),
    );
    expect(commits.map(({ pauseMs }) => pauseMs)).toEqual([20_000, 20_000, 20_000]);
    const types = commits.map(({ history }) =>
      JSON.parse(history.events).map(({ type }: { type: string }) => type),
    );
    expect(types).toEqual([["restarted", "reasserted"], ["ignored"], ["expired", "reasserted"]]);
  });

  test("stores what was forgotten and is held again, and deletes whom it supersedes", () => {
    const ledger = new Ledger(LOADED, new State(), 7);
    const first = ledger.decide([RESTARTED], [entry("2-0", "0-a", 1, reassert("a1", 5_000))]);
    expect(JSON.parse(first.semaphores.get("api") ?? "")).toMatchObject({ held: 1, queued: 0 });
    expect(JSON.parse(first.acquisitions.get("api\na1") ?? "")).toMatchObject({
      session: "0-a",
      grant: { slot: 0, token: 5_000, at: 0 },
    });
    expect([first.restarted, first.token]).toEqual([true, 5_000]);
    const second = ledger.decide([], [entry("3-0", "0-b", 1, reassert("b1", 6_000))]);
    expect([...second.acquisitions.keys()].sort()).toEqual(["api\na1", "api\nb1"]);
    expect(second.acquisitions.get("api\na1")).toBeUndefined();
    expect(second.counts).toEqual({ semaphores: 1, acquisitions: 1, sessions: 2 });
    expect(messageTo("0-a", second).events).toMatchObject([
      { type: "expired", reason: "superseded", acquisition: "a1" },
    ]);
    expect(messageTo("0-b", second).events).toMatchObject([{ type: "reasserted", slot: 0 }]);
  });
});
