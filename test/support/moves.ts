/**
 * Random walks through a partition. A move is drawn without knowing the state; only when it is
 * played does it become a command, for a session and an acquisition that there are then.
 */

import fc from "fast-check";
import { type LeaderCommand, type Terms, TICK } from "../../src/core/command.js";
import { REMEMBER_MS } from "../../src/core/state.js";
import {
  type Ask,
  acquire,
  cancel,
  heartbeat,
  leave,
  release,
  resize,
  revoke,
} from "./commands.js";
import type { Partition } from "./partition.js";

const SEMAPHORES = ["api", "blob", "cron"] as const;
const REGULAR_VALUE = { api: 1, blob: 2, cron: 3 } as const;

type What =
  | { readonly type: "acquire"; readonly value: number | undefined; readonly terms: Terms }
  | { readonly type: "resize"; readonly value: number; readonly declares: boolean }
  | { readonly type: "release" | "cancel" | "timeout" | "revoke" | "force" | "acquire again" }
  | { readonly type: "heartbeat" | "leave" | "stranger" }
  | { readonly type: "leader"; readonly command: LeaderCommand };

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

/** Plays moves on a partition, as clients that restart under a new session when they were forgotten. */
export class Player {
  private readonly sessions: string[] = [];
  private acquired = 0;

  constructor(readonly partition: Partition) {}

  play(moves: Iterable<Move>): this {
    for (const move of moves) this.move(move);
    return this;
  }

  private move(move: Move): void {
    const { partition } = this;
    // No time passes before an id is used again: in the meantime it could have ended.
    if (move.what.type !== "acquire again") partition.after(move.passedMs);
    if (move.what.type === "leader") this.lead(move.what.command, move.off);
    else partition.ask(this.ask(move), move.off === 0 ? undefined : this.numberOff(move));
  }

  /** Log time has moved on by the jump, or, where the leader was mistaken, did not. */
  private lead(command: LeaderCommand, off: number): void {
    const jumpMs = command.type === "rebase" && off === 0 ? Math.max(0, command.byMs) : 0;
    this.partition.after(jumpMs).apply(command);
  }

  private ask({ what, on, who, whom, live }: Move): Ask {
    const by = what.type === "stranger" ? `${whom * 10_000}-stranger` : this.session(who);
    switch (what.type) {
      case "acquire":
        return acquire(this.newId(), {
          on,
          value: what.value ?? REGULAR_VALUE[on],
          ...what.terms,
          by,
        });
      case "acquire again":
        return acquire(this.liveId(whom) ?? this.newId(), { on, value: REGULAR_VALUE[on], by });
      case "release":
        return release(this.id(whom, live), { by });
      case "cancel":
        return cancel(this.id(whom, live), { by });
      case "timeout":
        return cancel(this.id(whom, live), { by, reason: "timeout" });
      case "revoke":
        return revoke(this.id(whom, live), { by });
      case "force":
        return revoke(this.id(whom, live), { by, force: true });
      case "resize":
        return resize(on, what.value, {
          by,
          ...(what.declares && { declared: REGULAR_VALUE[on] }),
        });
      case "leave":
        return leave({ by });
      default:
        return heartbeat({ by });
    }
  }

  private numberOff({ who, off }: Move): number {
    const applied = this.partition.state.sessions.get(this.session(who))?.applied ?? 0;
    return Math.max(1, applied + 1 + off);
  }

  /** The session of this client; a new one once the last is forgotten and too old to be heard first. */
  private session(who: number): string {
    const { now, state } = this.partition;
    const last = this.sessions[who];
    if (last !== undefined) {
      const age = now - Number.parseInt(last, 10);
      if (state.sessions.get(last) || age < REMEMBER_MS) return last;
    }
    const session = `${now}-${"stuv"[who]}`;
    this.sessions[who] = session;
    return session;
  }

  private newId(): string {
    return `a${++this.acquired}`;
  }

  private liveId(whom: number): string | undefined {
    const live = [...this.partition.state.acquisitions.values()];
    return live[whom % live.length]?.id;
  }

  private id(whom: number, live: boolean): string {
    return (live ? this.liveId(whom) : undefined) ?? `a${whom}`;
  }
}
