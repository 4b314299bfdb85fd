/** The records that a commit changed, as the texts that are stored. */

import type { Changes } from "../core/changes.js";
import { snapshotAcquisition, snapshotSemaphore, snapshotSession } from "../core/snapshot.js";
import type { State } from "../core/state.js";
import type { Changes as Texts } from "../ports.js";

export interface RecordTexts {
  readonly semaphores: Texts;
  readonly acquisitions: Texts;
  readonly sessions: Texts;
}

export function recordTexts(state: State, changes: Changes): RecordTexts {
  const semaphores = new Map<string, string | undefined>();
  for (const name of changes.semaphores) semaphores.set(name, semaphoreText(state, name));
  const acquisitions = new Map<string, string | undefined>();
  for (const [semaphore, ids] of changes.acquisitions) {
    for (const id of ids)
      acquisitions.set(`${semaphore}\n${id}`, acquisitionText(state, semaphore, id));
  }
  const sessions = new Map<string, string | undefined>();
  for (const id of changes.sessions) {
    const record = state.sessions.get(id);
    sessions.set(id, record && JSON.stringify(snapshotSession(record)));
  }
  return { semaphores, acquisitions, sessions };
}

/** With two figures that statistics need, and that the queue and the holders tell otherwise. */
function semaphoreText(state: State, name: string): string | undefined {
  const record = state.semaphores.get(name);
  if (record === undefined) return undefined;
  const { declared, effective, idleSince } = snapshotSemaphore(record);
  const { holders, queue } = record;
  const held = holders.size;
  return JSON.stringify({ declared, effective, idleSince, held, queued: queue.size });
}

/** An id may have ended on this semaphore and live on another one. */
function acquisitionText(state: State, semaphore: string, id: string): string | undefined {
  const record = state.acquisitions.get(id);
  if (record?.semaphore.name !== semaphore) return undefined;
  return JSON.stringify(snapshotAcquisition(record));
}
