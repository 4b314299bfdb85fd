/** When a leader writes a checkpoint, and what it lets go of. */

import { describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.js";
import { restore, snapshot } from "../../src/core/snapshot.js";
import { State } from "../../src/core/state.js";
import { verify } from "../../src/history/verify.js";
import { historyId } from "../../src/history-ids.js";
import type { Checkpoint, Commit, Retention, StoredEntry } from "../../src/ports.js";
import { Ledger } from "../../src/reconciler/ledger.js";
import { stateTexts } from "../../src/reconciler/state-text.js";
import { longRun } from "../history/long-run.js";
import { PATIENT } from "../support/moves.js";
import { LOADED } from "./support.js";

const EPOCH = 7;
const SESSION = "0-s";
const HEARTBEAT = { type: "heartbeat" };

interface Kept extends StoredEntry {
  readonly id: string;
}

/** Leads by hand; it stores what a store would. */
class Lead {
  /** What is kept of the history. */
  entries: Kept[] = [];
  checkpoints: readonly Checkpoint[];
  readonly state: State;
  private readonly ledger: Ledger;
  private last: Commit | undefined;

  constructor(
    retention: Retention,
    private readonly loaded = LOADED,
  ) {
    this.state = restore(loaded.snapshot);
    this.ledger = new Ledger(loaded, this.state, EPOCH, retention);
    this.checkpoints = loaded.checkpoints;
  }

  /** An event for each command. */
  ask(at: number, ...drafts: object[]): void {
    const number = (this.state.sessions.get(SESSION)?.applied ?? 0) + 1;
    const commands = JSON.stringify(drafts);
    const entry = { session: SESSION, number, seen: 0, commands };
    this.store(this.ledger.decide([], [{ id: `${at}-${number}`, entry }]));
  }

  /** Time passes: an event each second. */
  pass(from: number, to: number): void {
    for (let at = from; at <= to; at += 1_000) {
      this.ask(at, HEARTBEAT);
      this.turn();
    }
  }

  /** Whether there is a checkpoint now, as a leader looks after each of its turns. */
  turn(): boolean {
    if (!this.ledger.isCheckpointDue) return false;
    for (const steps = this.ledger.checkpoint(); ; ) {
      const step = steps.next();
      if (!step.done) continue;
      if (step.value) this.store(step.value);
      return step.value !== undefined;
    }
  }

  /** The clock jumped. */
  rebase(byMs: number): void {
    const command = { type: "rebase" as const, byMs };
    this.store(this.ledger.decide([{ at: this.state.at + byMs, command }], []));
  }

  /** The leader that comes next. */
  next(retention: Retention, checkpoints = this.checkpoints): Lead {
    const { last, loaded } = this;
    const { number: commit = 0, to: cursor = "0-0", owed = 0, history } = last ?? {};
    const place = { commit, cursor, owed, head: history?.hash ?? "" };
    const left = { ...loaded, ...place, checkpoints, snapshot: snapshot(this.state) };
    const next = new Lead(retention, left);
    next.entries = this.entries;
    return next;
  }

  get owed(): number {
    return this.last?.owed ?? 0;
  }

  private store(commit: Commit): void {
    this.last = commit;
    this.checkpoints = commit.checkpoints ?? this.checkpoints;
    const id = historyId(commit.history.seq, commit.number);
    this.entries.push({ ...commit.history, epoch: EPOCH, id });
    if (commit.trimTo === undefined) return;
    const first = this.entries.findIndex((entry) => entry.id === commit.trimTo);
    expect(first).toBeGreaterThan(0);
    this.entries = this.entries.slice(first);
  }
}

const acquires = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    ...{ type: "acquire", semaphore: "api", acquisition: `a${index}`, value: 1, terms: {} },
  }));

const eventsIn = ({ entries }: Lead) => entries.flatMap(({ events }) => JSON.parse(events)).length;
const byNumber = (events: number): Retention => ({ events, ageMs: Infinity });

test.each([1, 2, 3, 4, 10, 100])(
  "of %i events at least so many are kept, and not half as many more",
  async (events) => {
    const lead = new Lead(byNumber(events));
    let last = 0;
    for (let at = 1; at <= 500; at++) {
      lead.ask(at, HEARTBEAT);
      last++;
      lead.turn();
      const kept = eventsIn(lead);
      expect(kept).toBeGreaterThanOrEqual(Math.min(events, last));
      // One piece more than asked for, and the one that the next checkpoint ends; which must not outweigh that.
      expect(kept).toBeLessThanOrEqual(events + Math.max(2, events / 2) + 20);
    }
    expect(await verify(lead.entries)).toMatchObject({ ok: true, trimmed: true, last: 500 });
    expect(lead.checkpoints.length).toBeLessThanOrEqual(6);
  },
);

test("what is too old goes, a quarter of its time later at most, however little is left", async () => {
  const lead = new Lead({ events: 1_000_000, ageMs: 60_000 });
  for (let at = 1_000; at <= 600_000; at += 1_000) {
    lead.pass(at, at);
    const [oldest] = lead.entries.flatMap(({ events }): Event[] => JSON.parse(events));
    const ageMs = at - (oldest?.at ?? 0);
    expect(ageMs).toBeLessThan(60_000 + 15_000);
    expect(ageMs).toBeGreaterThanOrEqual(Math.min(at - 1_000, 59_000));
  }
  expect(await verify(lead.entries)).toMatchObject({ ok: true, trimmed: true });
});

test("a jump of the clock makes nothing old", () => {
  const lead = new Lead({ events: 1_000_000, ageMs: 60_000 });
  lead.pass(1_000, 20_000);
  const kept = lead.entries.length;
  lead.rebase(10_000_000);
  lead.pass(10_021_000, 10_022_000);
  expect(lead.entries.length).toBeGreaterThan(kept);
});

test("where nothing happens, nothing is written", () => {
  const lead = new Lead({ events: 1, ageMs: 60_000 });
  expect(lead.turn()).toBe(false);
  lead.ask(1_000, HEARTBEAT);
  expect(lead.turn()).toBe(true);
  expect(lead.turn()).toBe(false);
});

describe("a large state", () => {
  test("is written down only once as much else was written since", () => {
    const lead = new Lead(byNumber(4));
    lead.ask(1_000, ...acquires(1_000));
    expect(lead.turn()).toBe(true);
    const size = lead.entries.at(-1)?.state?.length ?? 0;
    expect(lead.owed).toBe(size);
    let written = 0;
    for (let at = 2_000; ; at++) {
      lead.ask(at, HEARTBEAT);
      const { commands, events } = lead.entries.at(-1) ?? { commands: "", events: "" };
      written += commands.length + events.length;
      expect(lead.owed).toBe(Math.max(0, size - written));
      if (lead.turn()) break;
    }
    expect(written).toBeGreaterThanOrEqual(size);
    expect(written).toBeLessThan(size + 1_000);
  });

  test("counts for the next leader as well", () => {
    const first = new Lead(byNumber(4));
    first.ask(1_000, ...acquires(1_000));
    first.turn();
    const second = first.next(byNumber(4));
    second.ask(2_000, HEARTBEAT);
    expect(second.turn()).toBe(false);
    expect(second.owed).toBeGreaterThan(100_000);
  });

  test("is written down by its age, whatever it costs", () => {
    const lead = new Lead({ events: 4, ageMs: 60_000 });
    lead.ask(1_000, ...acquires(1_000));
    lead.turn();
    lead.ask(15_999, HEARTBEAT);
    expect(lead.turn()).toBe(false);
    lead.ask(16_000, HEARTBEAT);
    expect(lead.turn()).toBe(true);
  });

  test("that would take too long is not, until as much again was written", () => {
    const lead = new Lead({ events: 4, ageMs: 60_000 });
    const terms = { metadata: { text: "x".repeat(1_000_000) } };
    lead.ask(1_000, ...acquires(34).map((draft) => ({ ...draft, terms })));
    expect(lead.turn()).toBe(false);
    lead.ask(100_000, HEARTBEAT);
    expect(lead.turn()).toBe(false);
    expect(lead.owed).toBeGreaterThan(32 * 1024 * 1024);
  });
});

describe("another leader", () => {
  test("goes on where the checkpoints are", async () => {
    let lead = new Lead(byNumber(40));
    for (let at = 1; at <= 400; at++) {
      lead.ask(at, HEARTBEAT);
      lead.turn();
      if (at % 7 === 0) lead = lead.next(byNumber(40));
    }
    expect(lead.checkpoints.length).toBeLessThanOrEqual(6);
    expect(lead.checkpoints[0]?.seq).toBeGreaterThan(340);
    expect(await verify(lead.entries)).toMatchObject({ ok: true, trimmed: true, last: 400 });
  });

  test("that shall keep less lets go of one piece after the other", () => {
    const first = new Lead(byNumber(400));
    for (let at = 1; at <= 390; at++) {
      first.ask(at, HEARTBEAT);
      first.turn();
    }
    const before = first.checkpoints.length;
    expect(before).toBe(4);
    const second = first.next(byNumber(2));
    second.ask(391, HEARTBEAT);
    expect(second.checkpoints.length).toBe(before - 1);
    second.ask(392, HEARTBEAT);
    expect(second.checkpoints.length).toBe(before - 2);
  });

  test("that finds none writes one at once", () => {
    const first = new Lead(byNumber(400));
    first.pass(1_000, 9_000);
    const second = first.next(byNumber(400), []);
    expect(second.turn()).toBe(true);
    expect(second.checkpoints).toHaveLength(1);
  });
});

test("the text of a state is what JSON says of its snapshot", PATIENT, () => {
  const states = [new State(), longRun(30, 3).state];
  const large = new Lead(byNumber(1));
  large.ask(1_000, ...acquires(2_500));
  for (const state of [...states, large.state]) {
    expect([...stateTexts(state)].join("")).toBe(JSON.stringify(snapshot(state)));
  }
});
