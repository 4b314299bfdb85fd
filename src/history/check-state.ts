/** Whether JSON is the state of a partition, of which all that belongs together is there. */

import { MAX_VALUE } from "../core/command.js";
import { isObject } from "../core/json.js";
import type {
  AcquisitionSnapshot,
  SemaphoreSnapshot,
  SessionSnapshot,
  Snapshot,
} from "../core/snapshot.js";
import { isTerms, isWhole } from "../decode.js";

export function isSnapshot(value: unknown): value is Snapshot {
  if (!isObject(value)) return false;
  const { at, seq, token, sweepAt, shiftMs, pausedUntil } = value;
  if (![at, seq, token, shiftMs].every(isWhole)) return false;
  // Steady time is behind log time, and so may lie before its beginning.
  if (!isTime(pausedUntil) || !isTimeOrNull(sweepAt)) return false;
  const { semaphores, sessions, acquisitions } = value;
  return (
    isList(semaphores, isSemaphore) &&
    isList(sessions, isSession) &&
    isList(acquisitions, isAcquisition) &&
    fitsTogether(semaphores, sessions, acquisitions)
  );
}

/** No two have one name or one slot, and what they refer to is there. */
function fitsTogether(
  semaphores: readonly SemaphoreSnapshot[],
  sessions: readonly SessionSnapshot[],
  acquisitions: readonly AcquisitionSnapshot[],
): boolean {
  const names = new Set(semaphores.map(({ name }) => name));
  const clients = new Set(sessions.map(({ id }) => id));
  const ids = new Set(acquisitions.map(({ id }) => id));
  const held = acquisitions.filter(({ grant }) => grant !== null);
  const slots = new Set(held.map(({ semaphore, grant }) => `${grant?.slot} ${semaphore}`));
  return (
    names.size === semaphores.length &&
    clients.size === sessions.length &&
    ids.size === acquisitions.length &&
    slots.size === held.length &&
    acquisitions.every((one) => names.has(one.semaphore) && clients.has(one.session))
  );
}

function isSemaphore(value: unknown): value is SemaphoreSnapshot {
  if (!isObject(value)) return false;
  const { name, declared, effective, idleSince } = value;
  return isText(name) && isWhole(declared) && isWhole(effective) && isTimeOrNull(idleSince);
}

function isSession(value: unknown): value is SessionSnapshot {
  if (!isObject(value)) return false;
  const { id, applied, heardAt, idleSince, watches } = value;
  return (
    isText(id) &&
    isWhole(applied) &&
    isTime(heardAt) &&
    isTimeOrNull(idleSince) &&
    isList(watches, isWatch)
  );
}

function isWatch(value: unknown): value is SessionSnapshot["watches"][number] {
  return isObject(value) && isWhole(value.intervalMs) && isTime(value.resumedAt);
}

function isAcquisition(value: unknown): value is AcquisitionSnapshot {
  if (!isObject(value)) return false;
  const { id, sequence, semaphore, session, terms, queuedAt, deadline, grant, revoked } = value;
  return (
    [id, semaphore, session].every(isText) &&
    isWhole(sequence) &&
    isTerms(terms) &&
    isWhole(queuedAt) &&
    isTimeOrNull(deadline) &&
    (grant === null || isGrant(grant)) &&
    typeof revoked === "boolean"
  );
}

function isGrant(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { slot, token, at } = value;
  return isWhole(slot) && slot < MAX_VALUE && isWhole(token) && isWhole(at);
}

function isList<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isTimeOrNull(value: unknown): boolean {
  return value === null || isTime(value);
}
