/**
 * A stored copy of a state, as a database keeps it: a text a record, by key, in no order. It follows
 * the state through the changes that events make, and through nothing else.
 */

import type { Changes } from "../../src/core/changes.js";
import {
  type AcquisitionSnapshot,
  restore,
  type SemaphoreSnapshot,
  type SessionSnapshot,
  snapshotAcquisition,
  snapshotSemaphore,
  snapshotSession,
} from "../../src/core/snapshot.js";
import type { SemaphoreRecord, State } from "../../src/core/state.js";

export class RecordStore {
  readonly semaphores = new Map<string, string>();
  readonly acquisitions = new Map<string, string>();
  readonly sessions = new Map<string, string>();

  /** Writes what is live of the changed records, and deletes the rest. */
  write(state: State, changes: Changes): void {
    for (const name of changes.semaphores) {
      put(this.semaphores, name, state.semaphores.get(name), counted);
    }
    for (const [semaphore, ids] of changes.acquisitions) {
      for (const id of ids) {
        const record = state.acquisitions.get(id);
        const here = record?.semaphore.name === semaphore ? record : undefined;
        put(this.acquisitions, `${semaphore}\n${id}`, here, snapshotAcquisition);
      }
    }
    for (const id of changes.sessions) {
      put(this.sessions, id, state.sessions.get(id), snapshotSession);
    }
  }

  /** The state that the stored records make, with what has no record of its own. */
  read({ at, seq, token, sweepAt, shiftMs, pausedUntil }: State): State {
    return restore({
      ...{ at, seq, token, shiftMs, pausedUntil },
      sweepAt: sweepAt < Infinity ? sweepAt : null,
      semaphores: parsed<SemaphoreSnapshot>(this.semaphores),
      acquisitions: parsed<AcquisitionSnapshot>(this.acquisitions),
      sessions: parsed<SessionSnapshot>(this.sessions),
    });
  }

  /** All texts, in order of their keys. */
  texts(): [string, string][][] {
    return [this.semaphores, this.acquisitions, this.sessions].map((texts) =>
      [...texts].sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  }

  /** What would be stored if everything were written anew. */
  static of(state: State): RecordStore {
    const store = new RecordStore();
    for (const record of state.semaphores.values())
      put(store.semaphores, record.name, record, counted);
    for (const record of state.acquisitions.values()) {
      const key = `${record.semaphore.name}\n${record.id}`;
      put(store.acquisitions, key, record, snapshotAcquisition);
    }
    for (const record of state.sessions.values()) {
      put(store.sessions, record.id, record, snapshotSession);
    }
    return store;
  }
}

/** With what a reader would otherwise have to count. */
function counted(record: SemaphoreRecord): SemaphoreSnapshot & { held: number; queued: number } {
  const { holders, queue } = record;
  return { ...snapshotSemaphore(record), held: holders.size, queued: queue.size };
}

/** What is written anew goes to the end, so that the order tells nothing. */
function put<T>(
  texts: Map<string, string>,
  key: string,
  record: T | undefined,
  plain: (record: T) => object,
): void {
  texts.delete(key);
  if (record !== undefined) texts.set(key, JSON.stringify(plain(record)));
}

function parsed<T>(texts: ReadonlyMap<string, string>): T[] {
  return [...texts.values()].map((text) => JSON.parse(text));
}
