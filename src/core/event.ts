/**
 * Events: what was decided, in the past tense. An event carries all that `evolve` needs,
 * so state is a fold over events alone.
 */

import type { Terms } from "./command.js";

interface Fact {
  /** Place in the partition's history: 1, 2, 3 … without gaps. */
  readonly seq: number;
  /** Log time of the command that it follows from, in milliseconds. */
  readonly at: number;
  /** An answer names the command that it answers: the `number` of session `by`, or of `session` where `by` is absent. */
  readonly number?: number | undefined;
  readonly session?: string | undefined;
  readonly by?: string | undefined;
}

interface AboutAcquisition extends Fact {
  readonly semaphore: string;
  readonly acquisition: string;
  /** The session that acquired. */
  readonly session: string;
}

/** It waits for a slot. */
export interface QueuedEvent extends AboutAcquisition {
  readonly type: "queued";
  readonly number: number;
  readonly value: number;
  /** Its place in the queue at that moment; 1 is the head. */
  readonly position: number;
  readonly terms: Terms;
}

/** It holds a slot. */
export interface GrantedEvent extends AboutAcquisition {
  readonly type: "granted";
  readonly slot: number;
  /** Fencing token: strictly rising over all grants. */
  readonly token: number;
}

/** Its slot was given back. */
export interface ReleasedEvent extends AboutAcquisition {
  readonly type: "released";
  /** `cancelled`: a cancel met a grant. `left`: its session left. */
  readonly reason: "released" | "cancelled" | "left";
}

/** Its slot was taken back. */
export interface ExpiredEvent extends AboutAcquisition {
  readonly type: "expired";
  /** `superseded`: after a loss of data, somebody who got the slot later says so. */
  readonly reason: "ttl" | "heartbeat" | "revoked" | "superseded";
  /** If it was revoked: who asked for it, as he called himself. */
  readonly operator?: string | undefined;
}

/** After a loss of data, its holder says that it holds the slot; from now on under this session. */
export interface ReassertedEvent extends AboutAcquisition {
  readonly type: "reasserted";
  /** The session that it belonged to, where the data still knew of it. */
  readonly from?: string | undefined;
  readonly number: number;
  readonly value: number;
  readonly slot: number;
  readonly token: number;
  /** Log times of the loss's other side, as its holder was told. */
  readonly queuedAt: number;
  readonly grantedAt: number;
  readonly ttlLeftMs?: number | undefined;
  readonly terms: Terms;
}

/** It ended without ever holding a slot. */
export interface AbandonedEvent extends AboutAcquisition {
  readonly type: "abandoned";
  readonly reason: "timeout" | "cancelled" | "lost" | "busy" | "queue-full" | "value-mismatch";
  /** The semaphore at that moment: its size, how many held, how many waited. */
  readonly declared: number;
  readonly effective: number;
  readonly held: number;
  readonly queued: number;
  /** If it was revoked: who asked for it, as he called himself. */
  readonly operator?: string | undefined;
}

/** Its holder was told to give the slot back. */
export interface RevokedEvent extends AboutAcquisition {
  readonly type: "revoked";
  readonly number: number;
  /** Who asked for it, as he called himself. */
  readonly operator?: string | undefined;
}

/** The semaphore got another regular value, by an acquire that brought it. */
export interface DeclaredEvent extends Fact {
  readonly type: "declared";
  readonly semaphore: string;
  readonly value: number;
}

/** An operator changed how many slots there are. */
export interface ResizedEvent extends Fact {
  readonly type: "resized";
  readonly semaphore: string;
  readonly session: string;
  readonly number: number;
  readonly declared: number;
  readonly effective: number;
  /** Who asked for it, as he called himself. */
  readonly operator?: string | undefined;
}

/** The session lives, and with it all that it owns. */
export interface HeartbeatEvent extends Fact {
  readonly type: "heartbeat";
  readonly session: string;
  readonly number: number;
}

/** The session left; what it owned ended before this. With `by`: its process said so, under a later name. */
export interface LeftEvent extends Fact {
  readonly type: "left";
  readonly session: string;
  readonly number: number;
}

/** A command was applied and changed nothing. */
export interface IgnoredEvent extends Fact {
  readonly type: "ignored";
  readonly session: string;
  readonly number: number;
  readonly command: "acquire" | "release" | "cancel" | "reassert" | "resize" | "revoke";
  /** What was asserted again. */
  readonly acquisition?: string | undefined;
  /**
   * `too-late`: grants don't pause, so the slot may have been given away. `superseded`: somebody else got it later, or
   * the process that asks has said so since, under a later name.
   */
  readonly reason:
    | "known-acquisition"
    | "not-held"
    | "not-live"
    | "unknown-semaphore"
    | "unchanged"
    | "too-late"
    | "superseded";
}

/** A command was not applied, because its number is not the session's next. */
export interface RefusedEvent extends Fact {
  readonly type: "refused";
  readonly session: string;
  readonly number: number;
  /** `stranger`: the session is not known, and this is not its timely first command. */
  readonly reason: "duplicate" | "gap" | "stranger";
}

/** The log was silent so long that nobody could be heard; silence of sessions counts from here. */
export interface ResumedEvent extends Fact {
  readonly type: "resumed";
  readonly gapMs: number;
}

/** Log time jumped. What is to come in so many milliseconds still comes in so many. */
export interface RebasedEvent extends Fact {
  readonly type: "rebased";
  /** How much of the way to `at` was the jump, in milliseconds; not negative. */
  readonly byMs: number;
}

/** The data may have lost its last moments: nothing is granted for a while. */
export interface RestartedEvent extends Fact {
  readonly type: "restarted";
  /** Log time at which grants go on. */
  readonly pausedUntil: number;
}

/** What nobody had used for a minute was forgotten. */
export interface SweptEvent extends Fact {
  readonly type: "swept";
  readonly semaphores: readonly string[];
  readonly sessions: readonly string[];
}

/** Time passed, and nothing was due. */
export interface TickedEvent extends Fact {
  readonly type: "ticked";
}

/** What concerns one acquisition. */
export type AcquisitionEvent =
  | QueuedEvent
  | GrantedEvent
  | ReleasedEvent
  | ExpiredEvent
  | AbandonedEvent
  | ReassertedEvent
  | RevokedEvent;

export type Event =
  | AcquisitionEvent
  | DeclaredEvent
  | ResizedEvent
  | HeartbeatEvent
  | LeftEvent
  | IgnoredEvent
  | RefusedEvent
  | ResumedEvent
  | RebasedEvent
  | RestartedEvent
  | SweptEvent
  | TickedEvent;

/** The session whose command the event answers (the one numbered `event.number`); `undefined` if it answers none. */
export function answeredSession(event: Event): string | undefined {
  return event.number === undefined ? undefined : (event.by ?? event.session);
}
