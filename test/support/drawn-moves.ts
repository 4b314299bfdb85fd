/** Moves of random walks, as they are drawn: without knowing the state that they will meet (`moves.ts`). */

import fc from "fast-check";
import { type LeaderCommand, type Terms, TICK } from "../../src/core/command.js";

const SEMAPHORES = ["api", "blob", "cron"] as const;
export const REGULAR_VALUE = { api: 1, blob: 2, cron: 3 } as const;

type What =
  | { readonly type: "acquire"; readonly value: number | undefined; readonly terms: Terms }
  | { readonly type: "resize"; readonly value: number; readonly declares: boolean }
  | { readonly type: "release" | "cancel" | "timeout" | "revoke" | "force" | "acquire again" }
  | { readonly type: "heartbeat" | "leave" | "leave as" | "stranger" }
  | Reassertion
  | { readonly type: "leader"; readonly command: LeaderCommand };

export interface Reassertion {
  readonly type: "reassert";
  /** What `whom` was granted, or a grant that the data has lost, as far as it goes. */
  readonly lost: boolean;
  /** Where it is not as it was granted. */
  readonly slot: number | undefined;
  readonly elsewhere: boolean;
  /** How much later it was granted than it was. */
  readonly later: number;
  readonly terms: Terms;
  readonly ttlLeftMs: number;
}

export interface Move {
  readonly passedMs: number;
  readonly what: What;
  readonly on: keyof typeof REGULAR_VALUE;
  /** Which of the sessions asks. */
  readonly who: number;
  /** Which acquisition it is about, live or ended. */
  readonly whom: number;
  readonly live: boolean;
  /** Added to the number that would be right. */
  readonly off: number;
}

const mostly = <T>(usual: T, rarely: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: rarely });

const termsButHeartbeat: fc.Arbitrary<Terms> = fc.record(
  {
    noWait: fc.constant(true),
    maxAcquireTimeMs: fc.integer({ min: 1, max: 20_000 }),
    ttlMs: fc.integer({ min: 1, max: 30_000 }),
    maxQueueSize: fc.integer({ min: 0, max: 3 }),
    onValueMismatch: fc.constant("adopt" as const),
    metadata: fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.string(), {
      minKeys: 1,
      maxKeys: 2,
    }),
  },
  { requiredKeys: [] },
);

const heartbeats: fc.Arbitrary<Terms> = fc.record(
  { heartbeatMaxIntervalMs: fc.constantFrom(500, 1_000, 3_000) },
  { requiredKeys: [] },
);

const terms = fc
  .tuple(fc.oneof(fc.constant({}), termsButHeartbeat), heartbeats)
  .map(([some, more]) => ({ ...some, ...more }));

const leaderCommand: fc.Arbitrary<LeaderCommand> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(TICK) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("rebase" as const),
      byMs: fc.constantFrom(-90_000, -100, 20, 1_000, 90_000, 3_600_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("restart" as const),
      pauseMs: fc.constantFrom(0, 300, 3_000, 20_000),
    }),
  },
);

const what: fc.Arbitrary<What> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      type: fc.constant("acquire" as const),
      value: mostly<number | undefined>(undefined, fc.integer({ min: 1, max: 4 })),
      terms,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("resize" as const),
      value: fc.integer({ min: 0, max: 4 }),
      declares: fc.boolean(),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      type: fc.constantFrom(
        ...(["release", "release", "release", "cancel", "timeout", "revoke"] as const),
        ...(["force", "acquire again"] as const),
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom(
        ...(["heartbeat", "heartbeat", "heartbeat", "leave", "stranger"] as const),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("leave as" as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("reassert" as const),
      lost: mostly(false, fc.constant(true)),
      slot: mostly<number | undefined>(undefined, fc.nat({ max: 4 })),
      elsewhere: mostly(false, fc.constant(true)),
      later: mostly(0, fc.integer({ min: -3, max: 3 })),
      terms,
      ttlLeftMs: fc.integer({ min: 0, max: 30_000 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("leader" as const), command: leaderCommand }),
  },
);

const passedMs = fc.oneof(
  { weight: 8, arbitrary: fc.constant(0) },
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 50 }) },
  { weight: 6, arbitrary: fc.constantFrom(250, 500, 1_000, 2_500) },
  { weight: 2, arbitrary: fc.integer({ min: 51, max: 20_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 59_000, max: 200_000 }) },
);

const move: fc.Arbitrary<Move> = fc.record({
  passedMs,
  what,
  on: fc.constantFrom(...SEMAPHORES),
  who: fc.nat({ max: 3 }),
  whom: fc.nat({ max: 30 }),
  live: fc.boolean(),
  off: mostly(0, fc.constantFrom(-1, 1)),
});

/** For tests that try many walks: they take a second or two, on a busy machine ten times that. */
export const PATIENT = { timeout: 60_000 };

export const walk = fc.array(move, { minLength: 1, maxLength: 100, size: "max" });
