/** One term: what a leader reads, decides, commits, and when it sends ticks. */

import { describe, expect, test } from "vitest";
import type { Event } from "../../src/core/event.js";
import { snapshot } from "../../src/core/snapshot.js";
import { State } from "../../src/core/state.js";
import { fold } from "../../src/core/step.js";
import { BackendUnavailableError } from "../../src/errors.js";
import { SimulatedClock } from "../../src/memory/simulated-clock.js";
import type { Commit, Entry, Loaded, ReadEntry, Retention, Store } from "../../src/ports.js";
import { Leader } from "../../src/reconciler/leader.js";
import { LOADED, settled, TERM, timeOf } from "./support.js";

/** A log whose time is `TERM.at` when the leader's clock says 0. */
class SimulatedLog implements Store {
  readonly commits: Commit[] = [];
  readonly ticks: (number | undefined)[] = [];
  loaded: Loaded | Promise<Loaded> = LOADED;
  /** How far the server's clock is ahead of ours, besides `TERM.at`. */
  aheadMs = 0;
  losesTicks = false;
  failsToRead = false;
  failsToRenew = false;
  private readonly entries: ReadEntry[] = [];
  private last = 0;
  private wake: (() => void) | undefined = undefined;

  constructor(private readonly clock: SimulatedClock) {}

  get now(): number {
    return TERM.at + this.clock.now() + this.aheadMs;
  }

  write(commands: object[], number = 1, session = `${TERM.at}-s`): void {
    this.add({ session, number, seen: 0, commands: JSON.stringify(commands) });
  }

  async load(): Promise<Loaded> {
    return this.loaded;
  }

  async read(after: string): Promise<ReadEntry[]> {
    if (this.failsToRead) throw new BackendUnavailableError("down");
    const place = this.entries.findIndex(({ id }) => id === after);
    const found = this.entries.slice(place + 1);
    if (found.length > 0) return found;
    return new Promise((resolve) => {
      this.wake = () => resolve(this.entries.slice(place + 1));
    });
  }

  interrupt(): void {
    this.wake?.();
  }

  async tick(at?: number): Promise<string> {
    this.ticks.push(at);
    if (!this.losesTicks) return this.add(undefined, at);
    return `${this.now}-999`;
  }

  async commit(_term: unknown, commit: Commit): Promise<"done"> {
    this.commits.push(commit);
    return "done";
  }

  async position() {
    return { epoch: TERM.epoch, commit: this.commits.length };
  }

  get events(): Event[] {
    return this.commits.flatMap(({ history }): Event[] => JSON.parse(history.events));
  }

  private add(entry: Entry | undefined, at?: number): string {
    this.last = Math.max(this.last, at ?? this.now);
    const id = `${this.last}-${this.entries.length}`;
    this.entries.push({ id, entry });
    this.wake?.();
    return id;
  }
}

function given(retention?: Retention) {
  const clock = new SimulatedClock();
  const log = new SimulatedLog(clock);
  const renewals: number[] = [];
  const lease = {
    claim: async () => ({ won: false as const, ledForMs: 0 }),
    renew: async () => {
      renewals.push(clock.now());
      if (log.failsToRenew) throw new BackendUnavailableError("down");
      return timeOf(log.now);
    },
    resign: async () => undefined,
    onVacant: () => undefined,
  };
  const leader = new Leader({ lease, store: log, clock, retention }, TERM, 0);
  const pass = async (ms: number) => {
    await settled();
    for (let passed = 0; passed < ms; passed += 5) {
      clock.advance(5);
      await settled();
    }
  };
  return { clock, log, leader, pass, renewals };
}

const acquire = (ttlMs: number) => ({
  type: "acquire",
  semaphore: "api",
  acquisition: "a",
  value: 1,
  terms: { ttlMs },
});

describe("a term", () => {
  test("commits what was written", async () => {
    const { log, leader, pass } = given();
    void leader.lead();
    await pass(0);
    log.write([acquire(1_000)]);
    await pass(10);
    expect(log.events).toMatchObject([{ type: "queued" }, { type: "granted" }]);
    expect(leader.commits).toBe(1);
  });

  test("decides nothing before its data is loaded (trap 14)", async () => {
    const { log, leader, pass } = given();
    let arrive: (loaded: Loaded) => void = () => undefined;
    log.loaded = new Promise((resolve) => {
      arrive = resolve;
    });
    void leader.lead();
    log.write([acquire(1_000)]);
    await pass(500);
    expect(log.commits).toEqual([]);
    arrive(LOADED);
    await pass(10);
    expect(log.commits).toHaveLength(1);
  });

  test("begins with a pause when the server was started anew (trap 29)", async () => {
    const { log, leader, pass } = given();
    log.loaded = { ...LOADED, restarted: true, pauseMs: 3_000 };
    void leader.lead();
    await pass(0);
    log.write([acquire(60_000)]);
    await pass(10);
    expect(log.commits.map(({ restarted }) => restarted)).toEqual([true, false]);
    expect(log.events).toMatchObject([{ type: "restarted" }, { type: "queued" }]);
    await pass(3_500);
    expect(log.events.find(({ type }) => type === "granted")?.at).toBeGreaterThanOrEqual(
      TERM.at + 3_000,
    );
  });

  test("goes on when a read fails", async () => {
    const { log, leader, pass } = given();
    log.failsToRead = true;
    void leader.lead();
    log.write([acquire(1_000)]);
    await pass(200);
    expect(log.commits).toEqual([]);
    log.failsToRead = false;
    await pass(100);
    expect(log.commits).toHaveLength(1);
  });

  test("ends when it cannot read for as long as its lease, so as not to be in the way of others", async () => {
    const { log, leader, pass } = given();
    log.failsToRead = true;
    const led = leader.lead();
    await pass(2_000);
    expect(await led).toMatchObject({ reason: "failed", error: { code: "BACKEND_UNAVAILABLE" } });
  });

  test("that ends while its data is loaded leaves nothing behind that runs", async () => {
    const { log, leader, pass } = given();
    let arrive: (loaded: Loaded) => void = () => undefined;
    log.loaded = new Promise((resolve) => {
      arrive = resolve;
    });
    const led = leader.lead();
    await pass(100);
    await leader.resign();
    arrive({ ...LOADED, restarted: true, pauseMs: 1_000 });
    expect(await led).toEqual({ reason: "resigned" });
    await pass(5_000);
    expect([log.commits, log.ticks]).toEqual([[], []]);
  });

  test("ends when it is asked to, even while it reads", async () => {
    const { log, leader, pass } = given();
    const led = leader.lead();
    await pass(100);
    await leader.resign();
    expect(await led).toEqual({ reason: "resigned" });
    log.write([acquire(1_000)]);
    await pass(2_000);
    expect(log.commits).toEqual([]);
  });
});

describe("a tick", () => {
  test("is sent once, when something is due, and not much later", async () => {
    const { log, leader, pass } = given();
    void leader.lead();
    await pass(0);
    log.write([acquire(10_000)]);
    await pass(9_990);
    expect(log.ticks).toEqual([]);
    await pass(60);
    expect(log.ticks).toEqual([undefined]);
    expect(log.events.at(-1)).toMatchObject({ type: "expired", reason: "ttl" });
  });

  test("is sent again if it gets lost", async () => {
    const { log, leader, pass } = given();
    void leader.lead();
    await pass(0);
    log.write([acquire(1_000)]);
    log.losesTicks = true;
    await pass(1_200);
    expect(log.ticks).toHaveLength(1);
    log.losesTicks = false;
    await pass(600);
    expect(log.events.at(-1)).toMatchObject({ type: "expired" });
  });

  test("carries log time when the server's clock was set back", async () => {
    const { log, leader, pass } = given();
    void leader.lead();
    await pass(0);
    log.write([acquire(10_000)]);
    await pass(1_000);
    log.aheadMs = -3_600_000;
    await pass(9_000);
    expect(log.ticks).toEqual([]);
    await pass(600);
    expect(log.ticks).toEqual([TERM.at + 10_000]);
    expect(log.events.at(-1)).toMatchObject({ type: "expired", at: TERM.at + 10_000 });
  });
});

describe("the server's clock jumps (trap 33)", () => {
  test("and nothing expires before its time has passed", async () => {
    const { log, leader, pass } = given();
    void leader.lead();
    await pass(0);
    log.write([acquire(10_000)]);
    await pass(1_000);
    log.aheadMs = 3_600_000;
    log.write([{ type: "heartbeat" }], 2);
    await pass(8_800);
    expect(log.events.map(({ type }) => type)).toContain("rebased");
    expect(log.events.map(({ type }) => type)).not.toContain("expired");
    await pass(400);
    expect(log.events.map(({ type }) => type)).toContain("expired");
  });

  test("and what is granted right after it was set back lasts as long as it should", async () => {
    const { log, leader, pass } = given();
    void leader.lead();
    // Nothing was written for long: log time has not come far.
    await pass(10_000);
    log.aheadMs = -5_000;
    log.write([acquire(3_000)]);
    await pass(2_900);
    expect(log.events.map(({ type }) => type)).not.toContain("expired");
    await pass(400);
    expect(log.events.map(({ type }) => type)).toContain("expired");
  });

  test("and nothing is decided before it is known whether it was set back", async () => {
    const { log, leader, pass } = given();
    void leader.lead();
    await pass(10_000);
    log.failsToRenew = true;
    log.aheadMs = -5_000;
    log.write([acquire(3_000)]);
    await pass(300);
    expect(log.commits).toEqual([]);
    log.failsToRenew = false;
    await pass(100);
    expect(log.events).toMatchObject([{ type: "ticked" }, { type: "queued" }, { type: "granted" }]);
    expect(log.events.at(-1)?.at).toBeGreaterThanOrEqual(TERM.at + 10_000);
  });
});

describe("a checkpoint", () => {
  test("comes after a renewal, decides nothing, and has the state of the commit before", async () => {
    const { log, leader, pass, renewals } = given({ events: 4, ageMs: Infinity });
    void leader.lead();
    await pass(0);
    log.write([acquire(1_000)]);
    const before = renewals.length;
    await pass(100);
    const [decided, checkpoint, ...more] = log.commits;
    expect(more).toEqual([]);
    expect(renewals.length).toBeGreaterThan(before);
    expect(checkpoint).toMatchObject({ number: 2, from: decided?.to, to: decided?.to });
    expect(checkpoint?.history).toMatchObject({ seq: 3, commands: "[]", events: "[]" });
    expect(checkpoint?.history.previous).toBe(decided?.history.hash);
    const state = fold(new State(), log.events);
    expect(checkpoint?.history.state).toBe(JSON.stringify(snapshot(state)));
  });

  test("is left where it is when the term ends meanwhile", async () => {
    const { log, leader, pass } = given({ events: 4, ageMs: Infinity });
    const ending = leader.lead();
    await pass(0);
    log.write(crowd(5_000));
    await pass(5);
    expect(log.commits).toHaveLength(1);
    await leader.resign();
    await pass(300);
    expect(await ending).toEqual({ reason: "resigned" });
    expect(log.commits).toHaveLength(1);
  });

  /** So many that hold or wait. */
  function crowd(count: number): object[] {
    const one = acquire(60_000);
    return Array.from({ length: count }, (_, i) => ({ ...one, acquisition: `a${i}` }));
  }
});
