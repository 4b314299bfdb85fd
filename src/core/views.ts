/**
 * What can be asked of a state: how full semaphores are, who holds, who waits. Plain data.
 */

import { assertDefined } from "./assert.js";
import { isPaused } from "./deadlines.js";
import {
  type AcquisitionRecord,
  logTime,
  type SemaphoreRecord,
  type State,
  steadyTime,
} from "./state.js";

export interface SemaphoreStats {
  /** How many slots are held. */
  readonly acquiredSlots: number;
  /** How many slots there are. */
  readonly maxSlots: number;
  /** The share that is held, from 0 to 100; over 100 after a shrink, until enough came back. */
  readonly acquiredPercent: number;
  /** How many acquires wait. */
  readonly queued: number;
}

export interface StatsQuery {
  /** Only these; with it, idle ones are reported too, as far as they are known. */
  readonly names?: readonly string[] | undefined;
  /** At most so many, the fullest first. */
  readonly limit: number;
}

/**
 * One live acquisition that holds a slot. Times are log time, in milliseconds since the epoch. If the
 * clock jumped meanwhile, `expiresAt` has moved with it; what is past is told as it was.
 */
export interface Holder {
  readonly id: string;
  readonly session: string;
  readonly slotNumber: number;
  readonly fencingToken: number;
  readonly queuedAt: number;
  readonly grantedAt: number;
  /** When its TTL ends. */
  readonly expiresAt?: number | undefined;
  /** It was told to give the slot back. */
  readonly revoked: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

/** One live acquisition that waits for a slot. */
export interface Waiter {
  readonly id: string;
  readonly session: string;
  /** 1 is the head of the queue. */
  readonly position: number;
  readonly queuedAt: number;
  /** When it gives up. */
  readonly expiresAt?: number | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Pairs of name and stats, the highest percentage first, then by name. */
export function statsOf(state: State, query: StatsQuery): [string, SemaphoreStats][] {
  const records = query.names ? named(state, query.names) : inUse(state);
  return records
    .map((record): [string, SemaphoreStats] => [record.name, semaphoreStats(record)])
    .sort(([a, x], [b, y]) => y.acquiredPercent - x.acquiredPercent || (a < b ? -1 : 1))
    .slice(0, query.limit);
}

export function holdersOf(state: State, semaphore: string): Holder[] {
  const holders = state.semaphores.get(semaphore)?.holders ?? [];
  return [...holders]
    .map((acquisition) => toHolder(state, acquisition))
    .sort((a, b) => a.fencingToken - b.fencingToken);
}

export function waitersOf(state: State, semaphore: string): Waiter[] {
  const queue = state.semaphores.get(semaphore)?.queue ?? [];
  return [...queue].map((acquisition, index) => toWaiter(state, acquisition, index + 1));
}

/**
 * Whether an acquire that doesn't wait would fail at log time `at`. A semaphore that nobody uses is
 * not locked, unless grants pause.
 */
export function isLocked(state: State, semaphore: string, at: number = state.at): boolean {
  return mustWait(state, state.semaphores.get(semaphore), steadyTime(state, at));
}

/** A new acquire would not get a slot at once. `now` is steady time. */
export function mustWait(
  state: State,
  semaphore: SemaphoreRecord | undefined,
  now: number,
): boolean {
  if (isPaused(state, now)) return true;
  if (semaphore === undefined) return false;
  return semaphore.queue.size + semaphore.holders.size >= semaphore.effective;
}

function named(state: State, names: readonly string[]): SemaphoreRecord[] {
  return [...new Set(names)].flatMap((name) => state.semaphores.get(name) ?? []);
}

function inUse(state: State): SemaphoreRecord[] {
  return [...state.semaphores.values()].filter(
    ({ holders, queue }) => holders.size + queue.size > 0,
  );
}

function semaphoreStats({ holders, queue, effective }: SemaphoreRecord): SemaphoreStats {
  const full = holders.size > 0 || queue.size > 0 ? 100 : 0;
  return {
    acquiredSlots: holders.size,
    maxSlots: effective,
    acquiredPercent: effective > 0 ? (100 * holders.size) / effective : full,
    queued: queue.size,
  };
}

function toHolder(state: State, acquisition: AcquisitionRecord): Holder {
  const { id, session, grant, terms, queuedAt, revoked } = acquisition;
  const { slot, token, at } = assertDefined(grant, "a holder without a grant");
  return {
    id,
    session: session.id,
    slotNumber: slot,
    fencingToken: token,
    queuedAt,
    grantedAt: at,
    expiresAt: expiresAt(state, acquisition),
    revoked,
    metadata: terms.metadata ?? {},
  };
}

function toWaiter(state: State, acquisition: AcquisitionRecord, position: number): Waiter {
  const { id, session, terms, queuedAt } = acquisition;
  return {
    id,
    session: session.id,
    position,
    queuedAt,
    expiresAt: expiresAt(state, acquisition),
    metadata: terms.metadata ?? {},
  };
}

function expiresAt(state: State, { deadline }: AcquisitionRecord): number | undefined {
  return deadline < Infinity ? logTime(state, deadline) : undefined;
}
