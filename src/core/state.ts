/**
 * The state of a partition: which semaphores, acquisitions and sessions there are.
 * Data only; `evolve` alone writes it. What is marked as an index is derived from the rest,
 * and kept because looking it up must be cheap.
 *
 * Steady time is log time without the jumps of the clock behind it. Whatever is compared with "now"
 * is kept in steady time; `at`, `queuedAt` and a grant's `at` are log time, for those who read them.
 */

import { assertDefined } from "./assert.js";
import type { Terms } from "./command.js";
import type { QueuedEvent } from "./event.js";
import { Heap, type HeapItem } from "./heap.js";
import { List, ListNode } from "./list.js";
import { Records } from "./records.js";
import { Slots } from "./slots.js";

/** How long an idle semaphore or session is remembered, and how old a session may be when first heard. */
export const REMEMBER_MS = 60_000;

/** How long after one sweep the next one comes at the earliest. */
export const SWEEP_PAUSE_MS = 10_000;

export class State {
  /** Log time of the last event. */
  at = 0;
  /** Number of the last event. */
  seq = 0;
  /** Fencing token of the last grant. */
  token = 0;
  /** How far log time is ahead of steady time: the sum of its jumps. */
  shiftMs = 0;
  /** Nothing is granted before this steady time. */
  pausedUntil = 0;
  /** When to look next for what nobody uses any more, in steady time. */
  sweepAt = Infinity;
  /** Index: steady time of the last event that was no jump. */
  steadyAt = 0;
  readonly semaphores = new Records<SemaphoreRecord>();
  readonly acquisitions = new Records<AcquisitionRecord>();
  readonly sessions = new Records<SessionRecord>();

  /** Index: how many acquisitions wait for a slot. */
  waiting = 0;
  /** Index: semaphores with a free slot and a waiter, the oldest waiter first. */
  readonly grantable = new Heap<SemaphoreRecord>(byOldestWaiter);
  /** Index: acquisitions whose own time runs out, the earliest first. */
  readonly deadlines = new Heap<AcquisitionRecord>(byDeadline);
  /** Index: sessions that must be heard in time, the earliest first. */
  readonly silences = new Heap<SessionRecord>(bySilence);
  /** Index: how many live acquisitions have which heartbeat interval. */
  readonly intervals = new Map<number, number>();
  /** Index: the shortest of `intervals`. */
  shortestIntervalMs = Infinity;
}

export class SemaphoreRecord implements HeapItem {
  heapIndex = -1;
  /** The value that counts; another one than `declared` after a resize. */
  effective: number;
  /** Steady time since when nobody uses it; `Infinity` while somebody does. */
  idleSince = Infinity;
  /** Who waits, in order of the log. */
  readonly queue = new List<AcquisitionRecord>();
  /** Who holds. Nothing depends on their order. */
  readonly holders = new List<AcquisitionRecord>();
  /** Index: free slot numbers. */
  readonly slots = new Slots();

  constructor(
    readonly name: string,
    /** The value that its acquires bring. */
    public declared: number,
  ) {
    this.effective = declared;
  }
}

export class AcquisitionRecord implements HeapItem {
  heapIndex = -1;
  /** Steady time when its own time runs out: the wait before the grant, the TTL after it. */
  deadline = Infinity;
  /** There from the grant on. */
  grant: Grant | undefined = undefined;
  /** Its holder was told to give it back. */
  revoked = false;
  /** Index: its place among the waiters or the holders of the semaphore. */
  readonly place = new ListNode<AcquisitionRecord>(this);
  /** Index: its place among what the session owns. */
  readonly owned = new ListNode<AcquisitionRecord>(this);
  /** Index: its place among what ends when the session falls silent. */
  watched: ListNode<AcquisitionRecord> | undefined = undefined;

  constructor(
    private readonly queued: Queued,
    readonly semaphore: SemaphoreRecord,
    readonly session: SessionRecord,
  ) {}

  get id(): string {
    return this.queued.acquisition;
  }

  /** The number of its `queued` event: its place in the order of the log. */
  get sequence(): number {
    return this.queued.seq;
  }

  get queuedAt(): number {
    return this.queued.at;
  }

  get terms(): Terms {
    return this.queued.terms;
  }
}

/** What is kept of the event that an acquisition begins with. */
export type Queued = Pick<QueuedEvent, "acquisition" | "seq" | "at" | "terms">;

export interface Grant {
  readonly slot: number;
  readonly token: number;
  readonly at: number;
}

export class SessionRecord implements HeapItem {
  heapIndex = -1;
  /** Number of its last applied command. */
  applied = 0;
  /** Steady time when a command of it was last applied. */
  heardAt = 0;
  /** Steady time since when it owns nothing and was not heard; `Infinity` while it owns something. */
  idleSince = Infinity;
  /** What it acquired and did not end yet, in order of the log. */
  readonly owned = new List<AcquisitionRecord>();
  /** What of that ends when the session falls silent, by heartbeat interval. */
  readonly watches = new Map<number, Watch>();
  /** Index: steady time when silence ends something of it, and the watch that this concerns. */
  silentAt = Infinity;
  silent: Watch | undefined = undefined;

  constructor(readonly id: string) {}
}

/** What one session owns under one heartbeat interval. */
export class Watch {
  /** Silence counts from here at the earliest: the end of a gap in the log, in steady time. */
  resumedAt = 0;
  /** In order of the log. */
  readonly watched = new List<AcquisitionRecord>();

  constructor(readonly intervalMs: number) {}
}

/** Steady time at this log time. */
export function steadyTime(state: State, at: number): number {
  return at - state.shiftMs;
}

/** Log time at this steady time, as far as one can know: the clock may jump before. */
export function logTime(state: State, steady: number): number {
  return steady + state.shiftMs;
}

/** A slot is free and somebody waits. */
export function isGrantable(semaphore: SemaphoreRecord): boolean {
  return semaphore.queue.size > 0 && semaphore.holders.size < semaphore.effective;
}

/** Nobody holds it, nobody waits. */
export function isUnused(semaphore: SemaphoreRecord): boolean {
  return semaphore.queue.size === 0 && semaphore.holders.size === 0;
}

/** Steady time when silence of the session ends what it owns under this watch. */
export function silenceOf(session: SessionRecord, watch: Watch): number {
  return Math.max(session.heardAt, watch.resumedAt) + watch.intervalMs;
}

/** The acquire sequence of the first in the list, which must not be empty. */
export function firstSequence(list: List<AcquisitionRecord> | undefined): number {
  return assertDefined(list?.head, "an empty list where somebody waits or holds").value.sequence;
}

function byOldestWaiter(a: SemaphoreRecord, b: SemaphoreRecord): boolean {
  return firstSequence(a.queue) < firstSequence(b.queue);
}

function byDeadline(a: AcquisitionRecord, b: AcquisitionRecord): boolean {
  return a.deadline < b.deadline || (a.deadline === b.deadline && a.sequence < b.sequence);
}

function bySilence(a: SessionRecord, b: SessionRecord): boolean {
  if (a.silentAt !== b.silentAt) return a.silentAt < b.silentAt;
  return firstSequence(a.silent?.watched) < firstSequence(b.silent?.watched);
}
