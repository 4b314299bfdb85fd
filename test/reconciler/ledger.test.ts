/** What a leader decides is all that another one needs to go on. */

import { describe, expect, test } from "vitest";
import { restore, snapshot } from "../../src/core/snapshot.js";
import { State } from "../../src/core/state.js";
import type { Commit, Loaded, Message, ReadEntry } from "../../src/ports.js";
import { Ledger } from "../../src/reconciler/ledger.js";
import { type Kept, keptAfter, loadedOf } from "../support/kept.js";
import { LOADED } from "./support.js";

function entry(id: string, session: string, number: number, ...drafts: object[]): ReadEntry {
  return { id, entry: { session, number, seen: 0, commands: JSON.stringify(drafts) } };
}

const acquire = (acquisition: string, semaphore = "api") => ({
  type: "acquire",
  semaphore,
  acquisition,
  value: 1,
  terms: {},
});

function messageTo(session: string, commit: Commit): Message {
  return JSON.parse(commit.messages.get(session)?.text ?? "null");
}

describe("a commit", () => {
  test("tells each session what concerns it, and where that continues", () => {
    const ledger = new Ledger(LOADED, new State(), 7);
    const first = ledger.decide(
      [],
      [entry("1-0", "0-a", 1, acquire("a1")), entry("1-1", "0-b", 1, acquire("b1"))],
    );
    expect(messageTo("0-a", first)).toMatchObject({
      id: "7-2",
      after: "0-0",
      applied: 1,
      events: [
        { type: "queued", acquisition: "a1" },
        { type: "granted", acquisition: "a1" },
      ],
    });
    expect(messageTo("0-b", first)).toMatchObject({ events: [{ type: "queued" }] });

    const second = ledger.decide(
      [],
      [entry("2-0", "0-a", 2, { type: "release", acquisition: "a1" })],
    );
    expect(messageTo("0-a", second)).toMatchObject({
      after: messageTo("0-a", first).id,
      applied: 2,
      events: [{ type: "released" }],
    });
    expect(messageTo("0-b", second)).toMatchObject({ applied: 1, events: [{ type: "granted" }] });
  });

  test("tells both who asked and whose slot it was", () => {
    const ledger = new Ledger(LOADED, new State(), 7);
    ledger.decide([], [entry("1-0", "0-a", 1, acquire("a1"))]);
    const commit = ledger.decide(
      [],
      [entry("2-0", "0-b", 1, { type: "release", acquisition: "a1" })],
    );
    for (const session of ["0-a", "0-b"]) {
      expect(messageTo(session, commit).events).toMatchObject([{ type: "released", by: "0-b" }]);
    }
  });

  test("tells a stranger that it is one, and keeps nothing of it", () => {
    const commit = new Ledger(LOADED, new State(), 7).decide(
      [],
      [entry("1-0", "0-a", 5, { type: "heartbeat" })],
    );
    expect(messageTo("0-a", commit)).toMatchObject({
      after: "0-0",
      applied: 0,
      events: [{ type: "refused", reason: "stranger" }],
    });
    expect(commit.messages.get("0-a")?.kept).toEqual([]);
    expect(commit.sessions.size).toBe(0);
  });

  test("tells a session that is forgotten no more than that", () => {
    const ledger = new Ledger(LOADED, new State(), 7);
    ledger.decide(
      [],
      [
        entry("1-0", "0-a", 1, { type: "heartbeat" }),
        entry("1-1", "0-b", 1, { type: "heartbeat" }),
      ],
    );
    const commit = ledger.decide([], [{ id: "60001-0", entry: undefined }]);
    expect(messageTo("0-a", commit).events).toMatchObject([{ type: "swept", sessions: ["0-a"] }]);
    expect(messageTo("0-b", commit).events).toMatchObject([{ type: "swept", sessions: ["0-b"] }]);
    expect([...commit.sessions]).toEqual([
      ["0-a", undefined],
      ["0-b", undefined],
    ]);
    expect([...commit.messages.values()]).toMatchObject([
      { kept: [], dropped: ["7-1"] },
      { kept: [], dropped: ["7-2"] },
    ]);
  });

  test("says for how long anybody may hold without being heard, at least as long as before", () => {
    const ledger = new Ledger({ ...LOADED, pauseMs: 5_000 }, new State(), 7);
    const pauses = [undefined, 20_000, 9_000].map((heartbeatMaxIntervalMs, index) => {
      const command = { ...acquire(`a${index}`), terms: { heartbeatMaxIntervalMs } };
      return ledger.decide([], [entry(`${index + 1}-0`, "0-a", index + 1, command)]).pauseMs;
    });
    expect(pauses).toEqual([5_000, 20_000, 20_000]);
  });

  test("stores what changed, and says what ended", () => {
    const ledger = new Ledger(LOADED, new State(), 7);
    const first = ledger.decide([], [entry("1-0", "0-a", 1, acquire("a1"))]);
    expect(JSON.parse(first.semaphores.get("api") ?? "")).toMatchObject({ held: 1, queued: 0 });
    expect([...first.acquisitions.keys()]).toEqual(["api\na1"]);
    expect(first.counts).toEqual({ semaphores: 1, acquisitions: 1, sessions: 1 });
    const second = ledger.decide(
      [],
      [entry("2-0", "0-a", 2, { type: "release", acquisition: "a1" })],
    );
    expect([...second.acquisitions]).toEqual([["api\na1", undefined]]);
    expect(second.counts).toEqual({ semaphores: 1, acquisitions: 0, sessions: 1 });
  });

  test("follows the last one", () => {
    const ledger = new Ledger({ ...LOADED, commit: 4, cursor: "5-0" }, new State(), 7);
    const first = ledger.decide([], [{ id: "6-0", entry: undefined }]);
    const second = ledger.decide(
      [],
      [
        { id: "7-0", entry: undefined },
        { id: "7-1", entry: undefined },
      ],
    );
    expect([first.number, first.from, first.to]).toEqual([5, "5-0", "6-0"]);
    expect([second.number, second.from, second.to]).toEqual([6, "6-0", "7-1"]);
    expect(second.history.hash).not.toBe(first.history.hash);
  });
});

describe("the history of a commit", () => {
  test("holds what was decided, as it was written", () => {
    const ledger = new Ledger(LOADED, new State(), 7);
    const { history } = ledger.decide(
      [{ at: 1, command: { type: "restart", pauseMs: 500 } }],
      [entry("2-0", "0-a", 1, acquire("a1")), { id: "3-0", entry: undefined }],
    );
    expect(JSON.parse(history.commands)).toEqual([
      ["1-0", { type: "restart", pauseMs: 500 }],
      ["2-0", "0-a", 1, 0, [acquire("a1")]],
      ["3-0", { type: "tick" }],
    ]);
    expect(JSON.parse(history.events)).toMatchObject([
      { seq: 1, type: "restarted" },
      { seq: 2, type: "queued" },
      { seq: 3, type: "ticked" },
    ]);
  });
});

describe("an entry", () => {
  test("that no session can have written lets time pass, no more", () => {
    const ledger = new Ledger(LOADED, new State(), 7);
    const commit = ledger.decide(
      [],
      [{ id: "5-0", entry: { session: "0-a", number: 1, seen: 0, commands: "drop table" } }],
    );
    expect(JSON.parse(commit.history.events)).toMatchObject([{ type: "ticked", at: 5 }]);
    expect(commit.to).toBe("5-0");
  });

  test("that is older than what the leader said itself is decided at that time", () => {
    const ledger = new Ledger(LOADED, new State(), 7);
    ledger.decide([{ at: 1_000, command: { type: "restart", pauseMs: 500 } }], []);
    const commit = ledger.decide([], [entry("990-0", "900-a", 1, acquire("a1"))]);
    expect(JSON.parse(commit.history.events)).toMatchObject([{ type: "queued", at: 1_000 }]);
  });
});

test("another leader goes on where the last commit ended", () => {
  const first = new Ledger(LOADED, new State(), 7);
  const commits = [
    first.decide([], [entry("1-0", "0-a", 1, acquire("a1"), acquire("a2"))]),
    first.decide([], [entry("2-0", "0-b", 1, acquire("b1", "db"))]),
  ];
  const loaded = loadedFrom(commits);
  const second = new Ledger(loaded, restore(loaded.snapshot), 7);
  const next = [entry("3-0", "0-a", 3, { type: "release", acquisition: "a1" })];
  const [expected, found] = [first.decide([], next), second.decide([], next)];
  expect(found.history.events).toBe(expected.history.events);
  expect(found.messages).toEqual(expected.messages);
  expect(found.number).toBe(expected.number);
});

/** What a store that took these commits would load. */
function loadedFrom(commits: readonly Commit[]): Loaded {
  const merged = (changes: (commit: Commit) => ReadonlyMap<string, string | undefined>) => {
    const texts = new Map<string, string>();
    for (const commit of commits) {
      for (const [key, text] of changes(commit)) {
        if (text === undefined) texts.delete(key);
        else texts.set(key, text);
      }
    }
    return texts;
  };
  const last = commits[commits.length - 1];
  if (last === undefined) return LOADED;
  const { at, seq, token, sweepAt, shiftMs, pausedUntil } = last;
  const semaphores = [...merged((commit) => commit.semaphores)].map(([name, text]) => ({
    ...JSON.parse(text),
    name,
  }));
  const sessions = [...merged((commit) => commit.sessions)].map(([id, text]) => ({
    ...JSON.parse(text),
    id,
  }));
  const acquisitions = [...merged((commit) => commit.acquisitions)].map(([key, text]) => {
    const [semaphore, id] = key.split("\n");
    return { ...JSON.parse(text), semaphore, id };
  });
  const parts = { at, seq, token, sweepAt, shiftMs, pausedUntil };
  const state = restore({ ...parts, semaphores, sessions, acquisitions });
  return {
    ...LOADED,
    commit: last.number,
    cursor: last.to,
    head: last.history.hash,
    snapshot: snapshot(state),
    told: loadedOf(keptBy(commits)),
  };
}

function keptBy(commits: readonly Commit[]): ReadonlyMap<string, Kept> {
  const kept = new Map<string, Kept>();
  for (const { messages } of commits) {
    for (const [session, message] of messages) {
      kept.set(session, keptAfter(kept.get(session), message) ?? new Map());
    }
  }
  return kept;
}
