/** The checker of a fleet's records finds nothing in an honest run, and every lie in a forged one. */

import { describe, expect, test } from "vitest";
import { check } from "../../bench/fleet/check.js";
import type { ClientRecord, Run } from "../../bench/fleet/records.js";
import type { AnyEvent } from "../../bench/redis/history.js";

/**
 * Two slots of `api`. Client 1.1 holds slot 0 twice; 2.1 holds slot 1 and is killed; 3.1 waits behind
 * both, gets slot 0, and 1.1 slot 1, once 2.1 has expired.
 */
function honestRun(): Run {
  const events = [
    queued("a", "1.1", 1, 1),
    granted("a", 0, 10),
    queued("b", "2.1", 1, 1),
    granted("b", 1, 11),
    queued("c", "3.1", 1, 1),
    queued("d", "1.1", 2, 2),
    ended("released", "a"),
    granted("c", 0, 12),
    ended("expired", "b"),
    granted("d", 1, 13),
    ended("released", "c"),
    ended("released", "d"),
  ];
  return {
    values: { api: 2 },
    clients: new Map([
      ["1.1", [...stay(1, "a", 0, 10, 100, 200), ...stay(2, "d", 1, 13, 1500, 1600)]],
      ["2.1", stay(1, "b", 1, 11, 110)],
      ["3.1", stay(1, "c", 0, 12, 210, 1550)],
    ]),
    deaths: new Map([["2.1", 300]]),
    commits: inCommits(events),
  };
}

function queued(acquisition: string, client: string, ask: number, position: number): AnyEvent {
  const terms = { metadata: { client, ask: `${ask}` } };
  return { ...about("queued", acquisition), position, terms };
}

function granted(acquisition: string, slot: number, token: number): AnyEvent {
  return { ...about("granted", acquisition), slot, token };
}

function ended(type: "released" | "expired", acquisition: string): AnyEvent {
  return about(type, acquisition);
}

function about(type: string, acquisition: string): AnyEvent {
  return { type, acquisition, semaphore: "api", seq: 0, at: 0 };
}

/** Two events a commit, numbered from 1. */
function inCommits(events: AnyEvent[]): Run["commits"] {
  const numbered = events.map((event, i) => ({ ...event, seq: i + 1, at: 1000 + i }));
  return numbered.flatMap((event, i) =>
    i % 2 === 0 ? [{ seq: event.seq, epoch: 7, events: numbered.slice(i, i + 2) }] : [],
  );
}

function stay(
  ask: number,
  acquisition: string,
  slot: number,
  token: number,
  from: number,
  to?: number,
): ClientRecord[] {
  return [
    { type: "ask", ask, semaphore: "api", at: from - 10 },
    { type: "enter", ask, semaphore: "api", acquisition, slot, token, at: from },
    ...(to === undefined ? [] : [{ type: "leave" as const, ask, at: to }]),
  ];
}

/** The honest run, in which one event is another one. */
function withEvent(index: number, change: Partial<AnyEvent>): Run {
  const run = honestRun();
  const events = run.commits.flatMap((commit) => commit.events);
  const changed = events.map((event, i) => (i === index ? { ...event, ...change } : event));
  return { ...run, commits: [{ seq: 1, epoch: 7, events: changed }] };
}

function withoutEvent(index: number): Run {
  const run = honestRun();
  const events = run.commits.flatMap((commit) => commit.events).filter((_, i) => i !== index);
  return { ...run, commits: inCommits(events) };
}

function withOrder(...order: number[]): Run {
  const run = honestRun();
  const events = run.commits.flatMap((commit) => commit.events);
  return { ...run, commits: inCommits(order.flatMap((i) => events[i] ?? [])) };
}

/** The honest run, in which a client wrote something else. */
function withRecords(client: string, records: ClientRecord[]): Run {
  const run = honestRun();
  run.clients.set(client, records);
  return run;
}

test("an honest run has no violation, and what was checked is counted", () => {
  const { violations, checked } = check(honestRun());
  expect(violations).toEqual([]);
  expect(checked).toMatchObject({
    "stays in a slot": 4,
    "successions in a slot": 2,
    "successions of a killed holder": 1,
    "events of the history": 12,
    grants: 4,
    "grants that had waited behind others": 1,
    "slots taken back from silent sessions": 1,
    "processes killed": 1,
    "acquires answered": 4,
  });
});

describe("what holders wrote", () => {
  test.each<[string, Run, string]>([
    [
      "a holder that stays while the next one is in",
      withRecords("1.1", [...stay(1, "a", 0, 10, 100, 211), ...stay(2, "d", 1, 13, 1500, 1600)]),
      "overlap in slot 0 of api: 3.1#1 (token 12) after 1.1#1 (token 10), 1 µs too early",
    ],
    [
      "a slot that is given before its killed holder died",
      { ...honestRun(), deaths: new Map([["2.1", 1501]]) },
      "overlap in slot 1 of api: 1.1#2 (token 13) after 2.1#1 (token 11), 1 µs too early",
    ],
    [
      "a successor with a lower token",
      withRecords("3.1", stay(1, "c", 0, 9, 210, 1550)),
      "tokens out of order in slot 0 of api: 3.1#1 (token 9) after 1.1#1 (token 10)",
    ],
    [
      "a slot that there is not",
      withRecords("3.1", stay(1, "c", 2, 12, 210, 1550)),
      "3.1#1 was in slot 2 of api, which has no such slot",
    ],
    [
      "a living holder that never leaves",
      withRecords("3.1", stay(1, "c", 0, 12, 210)),
      "3.1#1 never left slot 0 of api, though its process lived",
    ],
    [
      "an ask without an answer",
      withRecords("3.1", [{ type: "ask", ask: 1, semaphore: "api", at: 200 }]),
      "3.1#1 was never answered",
    ],
    [
      "a grant that its asker did not hear of",
      withRecords("3.1", [{ type: "ask", ask: 1, semaphore: "api", at: 200 }]),
      "3.1#1 never learned of its grant c",
    ],
    [
      "a failure",
      withRecords("3.1", [{ type: "failed", ask: 1, error: "Error: oh no", at: 200 }]),
      "3.1#1 failed: Error: oh no",
    ],
    [
      "a grant that nobody made",
      withRecords("3.1", stay(1, "x", 0, 12, 210, 1550)),
      "3.1#1 was told of a grant that the history does not have",
    ],
    [
      "another token than was granted",
      withRecords("3.1", stay(1, "c", 0, 14, 210, 1550)),
      "3.1#1 was told of another slot or token than the history has",
    ],
  ])("%s", (_what, run, violation) => {
    expect(check(run).violations).toContain(violation);
  });
});

describe("what the history says", () => {
  test.each<[string, Run, string]>([
    [
      "a grant out of turn",
      withOrder(0, 1, 2, 3, 4, 5, 6, 9, 7, 8, 10, 11),
      "d on api (event 8) was granted before c, which was first in the queue",
    ],
    [
      "a slot granted twice",
      withEvent(7, { slot: 1 }),
      "c on api (event 8) got slot 1, which b held",
    ],
    [
      "a token that does not rise",
      withEvent(7, { token: 11 }),
      "token 11 of c on api (event 8) came after token 11",
    ],
    ["a missing event", withEvent(5, { seq: 66 }), "event 66 follows event 5"],
    [
      "a lost beginning",
      { ...honestRun(), commits: honestRun().commits.slice(1) },
      "the history begins with event 3",
    ],
    ["a slot that never comes back", withoutEvent(11), "slot 1 of api never came back from d"],
    ["time that goes back", withEvent(5, { at: 0 }), "log time went back at event 6"],
    [
      "a second release",
      withOrder(0, 1, 6, 6),
      "a on api (event 4) was released, but it was not there",
    ],
    ["a waiter that nobody ever served", withOrder(0, 1, 2), "b on api still waits at the end"],
    [
      "a leader that writes after the next one",
      {
        ...honestRun(),
        commits: honestRun().commits.map((commit, i) => ({ ...commit, epoch: 9 - i })),
      },
      "epoch 8 wrote after epoch 9",
    ],
  ])("%s", (_what, run, violation) => {
    expect(check(run).violations).toContain(violation);
  });
});
