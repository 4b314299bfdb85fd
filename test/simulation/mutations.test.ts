/** A simulator that cannot fail is a defect: it must find each of these errors, and soon. */

import { expect, test } from "vitest";
import type { Commit } from "../../src/ports.js";
import type { Plan } from "./plan.js";
import { honest, type Mutation } from "./redis/mutations.js";
import { simulate } from "./simulate.js";

/** In so many worlds, most errors show. */
const SEEDS = 30;
/** This one shows only where a restart, a holder and a waiter meet within a moment. */
const RARE_SEEDS = 150;

/** Leaders have a hard time, and new ones need some time until their first commit. */
const STORMY: Partial<Plan> = {
  processes: 3,
  embedded: 1,
  reconcilers: 2,
  actionMs: 60,
  faultMs: 200,
  latenciesMs: [60],
  faults: { "stall the leader": 6, "cut the leader": 3, "pause the leader": 1 },
};

/** Connections end while something is under way. */
const CUT: Partial<Plan> = { ...STORMY, latenciesMs: [1, 30], faults: { "cut the leader": 1 } };

/** Redis forgets what it has told. */
const FORGETFUL: Partial<Plan> = {
  ...STORMY,
  latenciesMs: [0.2, 80],
  faults: { "cut the leader": 4, "stop Redis and lose its last moments": 2 },
};

/** The server's clock is set, also where the stream has just begun anew. */
const TIMELESS: Partial<Plan> = {
  ...STORMY,
  actionMs: 150,
  latenciesMs: [0.2, 30],
  faults: { "set the clock": 3, "delete the commands": 1, "stop Redis": 1, "pause the leader": 1 },
};

/** Slots are free, so one that Redis forgets is soon given to somebody else; its holder may not hear of it for long. */
const UNHEARD: Partial<Plan> = {
  ...{ processes: 4, embedded: 0, reconcilers: 1, actionMs: 200, faultMs: 2500, rounds: 1 },
  semaphores: [{ name: "api", value: 8 }],
  longestHoldMs: 8000,
  latenciesMs: [0.2, 30],
  ...{ heartbeatMs: [5000], pausesMs: [5000] },
  faults: { "stop Redis and lose its last moments": 1 },
};

/** The same, and each process says how long that may be. */
const UNEQUAL: Partial<Plan> = {
  ...UNHEARD,
  ...{ heartbeatMs: [1000, 5000], pausesMs: [1000, 5000] },
};

/** What the first world that fails says. */
async function foundIn(
  plan: Partial<Plan>,
  mutation: Partial<Mutation>,
  seeds: number,
): Promise<string> {
  for (let seed = 1; seed <= seeds; seed++) {
    try {
      await simulate({ seed, mutation: { ...honest, ...mutation }, plan });
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return "nothing was found";
}

function withoutSessions(commit: Commit): Commit {
  return { ...commit, sessions: new Map() };
}

test.each<[string, Partial<Plan>, Partial<Mutation>, RegExp, number?]>([
  ["a commit ignores its epoch", STORMY, { ignoresEpochs: true }, /invariant (9|10)/],
  ["a commit ignores its place", CUT, { ignoresPlaces: true }, /invariant 10/],
  [
    "sessions are told first (trap 19)",
    STORMY,
    { publishesBeforeItChecks: true },
    /invariant 1[03]/,
  ],
  ["more is trimmed than is decided", STORMY, { trimsBeyondTheCursor: true }, /invariant 12/],
  ["what was applied is not stored", STORMY, { stored: withoutSessions }, /lacks a session/],
  [
    "a restart is not noticed",
    FORGETFUL,
    { loaded: (loaded) => ({ ...loaded, restarted: false }) },
    /invariant/,
  ],
  [
    "grants go on after a restart",
    FORGETFUL,
    { loaded: (loaded) => ({ ...loaded, pauseMs: 0 }) },
    /invariant 13/,
    RARE_SEEDS,
  ],
  [
    "grants go on before everybody can know of a restart",
    UNHEARD,
    { loaded: (loaded) => ({ ...loaded, pauseMs: 1000 }) },
    /invariant 13/,
  ],
])("it is found when %s", { timeout: 60_000 }, async (_what, plan, mutation, message, seeds) => {
  expect(await foundIn(plan, mutation, seeds ?? SEEDS)).toMatch(message);
});

test.each([
  ["in a storm", STORMY],
  ["when connections end", CUT],
  ["when Redis forgets", FORGETFUL],
  ["when clocks are set", TIMELESS],
  ["when some may be silent longer than others", UNEQUAL],
])("nothing is found where nothing is wrong: %s", { timeout: 60_000 }, async (_where, plan) => {
  expect(await foundIn(plan, {}, 15)).toBe("nothing was found");
});
