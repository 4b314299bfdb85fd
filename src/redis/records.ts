/** Records as they are stored, and the snapshot that they make. What is not as it should be is refused. */

import { isObject, parseJson } from "../core/json.js";
import type { Snapshot } from "../core/snapshot.js";
import { ProtocolError } from "../errors.js";

export type SemaphoreSnapshot = Snapshot["semaphores"][number];
export type AcquisitionSnapshot = Snapshot["acquisitions"][number];
export type SessionSnapshot = Snapshot["sessions"][number];

/** A semaphore is stored with how many hold it and wait for it. */
export type StoredSemaphore = SemaphoreSnapshot & {
  readonly held: number;
  readonly queued: number;
};

/** Makes a record of a field of the hash `key`. */
export type ReadRecord<T> = (field: string, text: string, key: string) => T;

export const semaphoreOf: ReadRecord<StoredSemaphore> = (name, text, key) => {
  const record = { ...objectOf(key, name, text), name };
  return isSemaphore(record) ? record : refuse(key, name);
};

export const acquisitionOf: ReadRecord<AcquisitionSnapshot> = (field, text, key) => {
  const [semaphore, id] = field.split("\n");
  const record = { ...objectOf(key, field, text), semaphore, id };
  return isAcquisition(record) ? record : refuse(key, field);
};

export const sessionOf: ReadRecord<SessionSnapshot> = (id, text, key) => {
  const record = { ...objectOf(key, id, text), id };
  return isSession(record) ? record : refuse(key, id);
};

type Loose = Record<string, unknown>;

function isSemaphore(record: Loose): record is Loose & StoredSemaphore {
  const { declared, effective, idleSince, held, queued } = record;
  return [declared, effective, held, queued].every(isNumber) && isNumberOrNull(idleSince);
}

function isAcquisition(record: Loose): record is Loose & AcquisitionSnapshot {
  const { id, sequence, session, terms, queuedAt, deadline, grant, revoked } = record;
  return (
    isText(id) &&
    isText(session) &&
    isNumber(sequence) &&
    isNumber(queuedAt) &&
    isNumberOrNull(deadline) &&
    isObject(terms) &&
    isGrant(grant) &&
    typeof revoked === "boolean"
  );
}

function isGrant(grant: unknown): boolean {
  if (grant === null) return true;
  return isObject(grant) && [grant.slot, grant.token, grant.at].every(isNumber);
}

function isSession(record: Loose): record is Loose & SessionSnapshot {
  const { applied, heardAt, idleSince, watches } = record;
  return (
    isNumber(applied) && isNumber(heardAt) && isNumberOrNull(idleSince) && Array.isArray(watches)
  );
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || isNumber(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function objectOf(key: string, field: string, text: string): Loose {
  const record = parseJson(text);
  return isObject(record) ? record : refuse(key, field);
}

function refuse(key: string, field: string): never {
  throw new ProtocolError(
    `the record ${JSON.stringify(field)} of ${key} in Redis is not as slotstream writes it. Nothing is granted ` +
      "on data that cannot be trusted. Find out who changed it; if nothing is held, delete all keys of the namespace.",
  );
}
