/** When a candidate looks, claims, leads and stands down. */

import { describe, expect, test } from "vitest";
import { BackendUnavailableError, ProtocolError } from "../../src/errors.js";
import { SimulatedClock } from "../../src/memory/simulated-clock.js";
import type { Claim, Lease, Loaded, Store, Term } from "../../src/ports.js";
import { Candidate } from "../../src/reconciler/candidate.js";
import { LOADED, settled, TERM, timeOf } from "./support.js";

interface Setting {
  /** What a claim finds. */
  claim?: () => Claim | Error | Promise<Claim>;
  renew?: () => number | undefined;
  load?: () => Loaded | Error;
  needed?: boolean;
  eager?: boolean;
}

const ELSEWHERE: Claim = { won: false, ledForMs: 900 };

function given({ claim, renew = () => 1, load = () => LOADED, needed = false, eager }: Setting) {
  const clock = new SimulatedClock();
  const looks: number[] = [];
  const names: string[] = [];
  const said: string[] = [];
  let vacant: () => void = () => undefined;
  let interrupt: () => void = () => undefined;
  let ids = 0;
  const won = (candidate: string): Claim => ({ won: true, term: { ...TERM, candidate } });
  const lease: Lease = {
    claim: async (candidate) => {
      looks.push(clock.now());
      names.push(candidate);
      const result = (await claim?.()) ?? won(candidate);
      if (result instanceof Error) throw result;
      return result;
    },
    renew: async () => {
      const at = renew();
      return at === undefined ? undefined : timeOf(at);
    },
    resign: async (_term: Term) => void said.push("resigned"),
    onVacant: (listener) => {
      vacant = listener;
    },
  };
  const store: Store = {
    load: async () => {
      const result = load();
      if (result instanceof Error) throw result;
      return result;
    },
    read: () =>
      new Promise((resolve) => {
        interrupt = () => resolve([]);
      }),
    interrupt: () => interrupt(),
    tick: async () => "1-0",
    commit: async () => "done",
    position: async () => ({ epoch: TERM.epoch, commit: 0 }),
  };
  const candidate = new Candidate({
    lease,
    store,
    clock,
    ids: () => `candidate-${++ids}`,
    isNeeded: () => needed,
    eager,
    listener: {
      leads: (epoch) => said.push(`leads ${epoch}`),
      stoodDown: (_epoch, { reason }) => said.push(`stood down: ${reason}`),
      failed: (error) => said.push(`failed: ${error instanceof Error && error.message}`),
    },
  });
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      await settled();
      clock.advance(10);
    }
    await settled();
  };
  return { candidate, clock, looks, names, said, pass, leave: () => vacant() };
}

describe("a candidate", () => {
  test("leads when nobody does", async () => {
    const { candidate, said, pass } = given({});
    candidate.start();
    await pass(3_000);
    expect(said).toEqual(["leads 7"]);
    expect(candidate.leading).toEqual({ epoch: 7, commits: 0 });
  });

  test("that needs nobody looks every ten seconds", async () => {
    const { candidate, looks, pass } = given({ claim: () => ELSEWHERE });
    candidate.start();
    await pass(30_500);
    expect(looks).toHaveLength(4);
    expect(looks[1]).toBeGreaterThanOrEqual(10_000);
  });

  test("whose process waits looks now and then after the lease", async () => {
    const { candidate, looks, pass } = given({ claim: () => ELSEWHERE, needed: true });
    candidate.start();
    await pass(10_000);
    expect(looks.length).toBeGreaterThanOrEqual(4);
    expect(looks[1]).toBeGreaterThan(900);
    expect(looks[1]).toBeLessThanOrEqual(900 + 2_000);
  });

  test("that is urged looks at once, and again as soon as the lease ends", async () => {
    const { candidate, looks, pass } = given({ claim: () => ELSEWHERE });
    candidate.start();
    await pass(5_000);
    candidate.urge();
    await pass(1_100);
    expect(looks).toHaveLength(3);
    expect(looks[1]).toBeLessThanOrEqual(5_010);
    expect((looks[2] ?? 0) - (looks[1] ?? 0)).toBeLessThanOrEqual(950);
  });

  test("that is eager always does", async () => {
    const { candidate, looks, pass } = given({ claim: () => ELSEWHERE, eager: true });
    candidate.start();
    await pass(10_000);
    expect(looks.length).toBeGreaterThanOrEqual(11);
  });

  test("looks soon when a leader says that it leaves, if its process needs one", async () => {
    const { candidate, looks, pass, leave } = given({ claim: () => ELSEWHERE, needed: true });
    candidate.start();
    await pass(100);
    leave();
    await pass(60);
    expect(looks).toHaveLength(2);
  });

  test("looks again when a leader left while it looked: it may have looked too early", async () => {
    let answer: (claim: Claim) => void = () => undefined;
    const claim = () => new Promise<Claim>((resolve) => (answer = resolve));
    const { candidate, looks, pass, leave } = given({ claim, needed: true });
    candidate.start();
    await pass(100);
    leave();
    answer(ELSEWHERE);
    await pass(60);
    expect(looks).toHaveLength(2);
    answer(ELSEWHERE);
    await pass(900);
    expect(looks).toHaveLength(2);
  });

  test("doesn't, if nothing in its process waits", async () => {
    const { candidate, looks, pass, leave } = given({ claim: () => ELSEWHERE });
    candidate.start();
    await pass(100);
    leave();
    await pass(1_000);
    expect(looks).toHaveLength(1);
  });
});

describe("a term", () => {
  test("that somebody else has ended is over, and the next claim has another name", async () => {
    const { candidate, said, names, pass } = given({ renew: () => undefined });
    candidate.start();
    await pass(300);
    expect(said.slice(0, 2)).toEqual(["leads 7", "stood down: fenced"]);
    await pass(100);
    expect(new Set(names).size).toBe(2);
  });

  test("ends at once when it shall stop, and makes room", async () => {
    const { candidate, said, pass, looks } = given({});
    candidate.start();
    await pass(100);
    await candidate.stop();
    expect(said).toEqual(["leads 7", "resigned", "stood down: resigned"]);
    await pass(20_000);
    expect(looks).toHaveLength(1);
  });

  test("can be given up for a while", async () => {
    const { candidate, said, pass } = given({});
    candidate.start();
    await pass(100);
    await candidate.rest();
    await pass(1_000);
    expect(said).toEqual(["leads 7", "resigned", "stood down: resigned"]);
    candidate.urge();
    await pass(100);
    expect(said.slice(3)).toEqual(["leads 7"]);
  });

  test("that is won after it was stopped is given back", async () => {
    const { candidate, said, pass } = given({});
    candidate.start();
    const stopped = candidate.stop();
    await pass(100);
    await stopped;
    expect(said.filter((line) => line.startsWith("leads"))).toEqual([]);
    expect(candidate.leading).toBeUndefined();
  });

  test("that cannot load its data fails, is given up, and is tried again ever more seldom, whoever else gives up", async () => {
    const error = new ProtocolError("counts differ");
    const { candidate, said, looks, pass, leave } = given({ load: () => error, needed: true });
    candidate.start();
    for (let times = 0; times < 60; times++) {
      leave();
      await pass(1_000);
    }
    expect(said.slice(0, 3)).toEqual(["leads 7", "stood down: failed", "resigned"]);
    expect(looks.length).toBeGreaterThan(5);
    expect(looks.length).toBeLessThan(14);
  });
});

test("a claim that cannot be made is told, and made again with the same name (trap 18)", async () => {
  let down = true;
  const { candidate, said, names, pass } = given({
    claim: () => (down ? new BackendUnavailableError("down") : ELSEWHERE),
  });
  candidate.start();
  await pass(1_000);
  down = false;
  await pass(1_000);
  expect(said[0]).toBe("failed: down");
  expect(new Set(names).size).toBe(1);
});
