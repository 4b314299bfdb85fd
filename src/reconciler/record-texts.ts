/**
 * The records that a commit changed, as the texts that are stored: snapshots as JSON, without what their keys
 * say already; written by hand where there are many.
 */

import type { Changes } from "../core/changes.js";
import { finite, snapshotSession } from "../core/snapshot.js";
import type { Grant, State } from "../core/state.js";
import type { ChangedTexts } from "../ports.js";

const quoted = JSON.stringify;

export interface RecordTexts {
  readonly semaphores: ChangedTexts;
  readonly acquisitions: ChangedTexts;
  readonly sessions: ChangedTexts;
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
    sessions.set(id, sessionText(state, id));
  }
  return { semaphores, acquisitions, sessions };
}

/** With two figures that statistics need, and that the queue and the holders tell otherwise. */
function semaphoreText(state: State, name: string): string | undefined {
  const record = state.semaphores.get(name);
  if (record === undefined) return undefined;
  const { declared, effective, idleSince, holders, queue } = record;
  return (
    `{"declared":${declared},"effective":${effective},"idleSince":${finite(idleSince)},` +
    `"held":${holders.size},"queued":${queue.size}}`
  );
}

function sessionText(state: State, id: string): string | undefined {
  const record = state.sessions.get(id);
  if (record === undefined) return undefined;
  const { applied, heardAt, idleSince, watches } = snapshotSession(record);
  return JSON.stringify({ applied, heardAt, idleSince, watches });
}

/** An id may have ended on this semaphore and live on another one. */
function acquisitionText(state: State, semaphore: string, id: string): string | undefined {
  const record = state.acquisitions.get(id);
  if (record?.semaphore.name !== semaphore) return undefined;
  const { sequence, session, terms, queuedAt, deadline, grant, revoked } = record;
  return (
    `{"sequence":${sequence},"session":${quoted(session.id)},"terms":${quoted(terms)},"queuedAt":${queuedAt},` +
    `"deadline":${finite(deadline)},"grant":${grantText(grant)},"revoked":${revoked}}`
  );
}

export function grantText(grant: Grant | undefined): string {
  if (grant === undefined) return "null";
  return `{"slot":${grant.slot},"token":${grant.token},"at":${grant.at}}`;
}
