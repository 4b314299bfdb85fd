/** Why an acquisition waits, holds or has ended: what `why` answers. All times are log time, in milliseconds. */

import type {
  AbandonedEvent,
  Event,
  ExpiredEvent,
  ReassertedEvent,
  ReleasedEvent,
  RevokedEvent,
} from "../core/event.js";

export type Explanation =
  | WaitingExplanation
  | HoldingExplanation
  | EndedExplanation
  | UnknownExplanation;

interface About {
  /** The acquisition. */
  readonly id: string;
  /** The moment that is explained. */
  readonly at: number;
}

interface AboutKnown extends About {
  readonly semaphore: string;
  /** The session that it belongs to. */
  readonly session: string;
}

/** Somebody who holds a slot. */
export interface SlotHolder {
  readonly id: string;
  readonly session: string;
  readonly slotNumber: number;
  readonly grantedAt: number;
  readonly heldMs: number;
  /** When its TTL ends: it holds no longer than that. */
  readonly expiresAt?: number | undefined;
  /** When its session was last heard. */
  readonly heardAt: number;
  /** When the slot comes back if its session is not heard before. */
  readonly silentAt?: number | undefined;
  /** Its session should have been heard by now: a process that lives is heard three times within its interval. */
  readonly overdue: boolean;
  /** It was told to give the slot back. */
  readonly revoked: boolean;
}

/** Somebody who stands further in front in the queue. */
export interface EarlierWaiter {
  readonly id: string;
  readonly session: string;
  readonly queuedAt: number;
  /** When it gives up. */
  readonly expiresAt?: number | undefined;
}

/** It waits for a slot. */
export interface WaitingExplanation extends AboutKnown {
  readonly kind: "waiting";
  readonly queuedAt: number;
  readonly waitedMs: number;
  /** 1 is the head of the queue. */
  readonly position: number;
  /** How many slots the semaphore has now; another number than `declared` after a resize. */
  readonly slots: number;
  readonly declared: number;
  /** Who is served before, the next one first. */
  readonly ahead: readonly EarlierWaiter[];
  /** By slot. */
  readonly holders: readonly SlotHolder[];
  /** Until then nothing is granted at all: the data may have lost its last moments. */
  readonly pausedUntil?: number | undefined;
  /** When it gives up. */
  readonly givesUpAt?: number | undefined;
  /** When it loses its place if its session is not heard before. */
  readonly silentAt?: number | undefined;
  readonly next: NextStep;
  /**
   * When it has a slot at the latest, if it waits so long, and if no operator intervenes: by the TTL of all who are served
   * before. `undefined` if nothing bounds it.
   */
  readonly grantedAtLatest: number | undefined;
  /** When it has a slot if holders that are overdue stay silent; `undefined` if that makes nothing earlier. */
  readonly grantedLikelyAt: number | undefined;
}

/**
 * What must happen before anybody who waits there gets a slot:
 * - `release`: so many holders (`count`) let go, or lose their slots;
 * - `resize`: there is no slot, and somebody must resize the semaphore;
 * - `pause-ends`: a slot is free, and grants go on;
 * - `grant`: nothing any more, the next decision gives a slot away.
 */
export interface NextStep {
  readonly what: "release" | "resize" | "pause-ends" | "grant";
  readonly count: number;
  /** When it has happened at the latest; `undefined` if nothing bounds it. */
  readonly atLatest: number | undefined;
  /** When it has happened if holders that are overdue stay silent, where that is earlier. */
  readonly likelyAt?: number | undefined;
}

/** It holds a slot. */
export interface HoldingExplanation extends AboutKnown {
  readonly kind: "holding";
  readonly queuedAt: number;
  readonly holder: SlotHolder;
  readonly fencingToken: number;
  /** Who told it to give the slot back, where that is known. */
  readonly revokedBy?: RevokedEvent | undefined;
  /** How many wait for a slot of the semaphore. */
  readonly waiting: number;
}

/** It has ended. */
export interface EndedExplanation extends AboutKnown {
  readonly kind: "ended";
  readonly end: ReleasedEvent | ExpiredEvent | AbandonedEvent;
  /** When it was asked for, and granted, where that is known. */
  readonly queuedAt?: number | undefined;
  readonly grantedAt?: number | undefined;
  /** What led to the end, the nearest cause first. */
  readonly causes: readonly Cause[];
}

/** Nothing that was given is about it. */
export interface UnknownExplanation extends About {
  readonly kind: "unknown";
  /** `seq` of the first event that was looked at; what came before may know more. */
  readonly keptFrom: number | undefined;
}

export type Cause =
  /** A session asked for it. */
  | { readonly what: "asked"; readonly by: string; readonly own: boolean }
  /** Its session left. */
  | { readonly what: "left"; readonly session: string }
  /** It held longer than it may. */
  | { readonly what: "ttl"; readonly ttlMs: number | undefined }
  /** It waited longer than it may; by the clock of its session, or by log time. */
  | {
      readonly what: "timeout";
      readonly limitMs: number | undefined;
      readonly noticedBy: "session" | "log";
    }
  /** Its session was not heard for so long. */
  | {
      readonly what: "silence";
      readonly session: string;
      readonly intervalMs: number | undefined;
      /** The last that was heard of it, among the events that were given. */
      readonly heard: Event | undefined;
    }
  /** All slots were taken, by those who are known. */
  | {
      readonly what: "full";
      readonly held: number;
      readonly slots: number;
      readonly holders: readonly PastHolder[];
    }
  | { readonly what: "queue-full"; readonly queued: number }
  /** Grants paused. */
  | { readonly what: "paused"; readonly until: number }
  /** Its holder was told before to give the slot back. */
  | { readonly what: "revoked"; readonly event: RevokedEvent }
  /** After a loss of data, somebody said that he got the slot later. */
  | { readonly what: "superseded"; readonly by: ReassertedEvent | undefined }
  /** The semaphore was in use with another value. */
  | { readonly what: "value-mismatch"; readonly declared: number };

/** Somebody who held a slot then. */
export interface PastHolder {
  readonly id: string;
  readonly session: string;
  readonly slotNumber: number;
  readonly grantedAt: number;
}
