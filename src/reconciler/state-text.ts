/**
 * The state as the text that a checkpoint has: the same as `JSON.stringify(snapshot(state))`, in pieces that are made one by
 * one; written by hand where there are many.
 */

import { finite, snapshotSemaphore, snapshotSession } from "../core/snapshot.js";
import type { AcquisitionRecord, State } from "../core/state.js";
import { grantText } from "./record-texts.js";

const quoted = JSON.stringify;

/** So many records make a piece: some milliseconds. */
const STEP = 1_000;

/** The pieces make the text only if the state stays the same meanwhile. */
export function* stateTexts(state: State): Generator<string, void, void> {
  const { at, seq, token, sweepAt, shiftMs, pausedUntil } = state;
  const rest = { at, seq, token, sweepAt: finite(sweepAt), shiftMs, pausedUntil };
  yield `${quoted(rest).slice(0, -1)},"semaphores":[`;
  const semaphores = [...state.semaphores.values()].sort((a, b) => byText(a.name, b.name));
  yield* listed(semaphores, (record) => quoted(snapshotSemaphore(record)));
  yield '],"sessions":[';
  const sessions = [...state.sessions.values()].sort((a, b) => byText(a.id, b.id));
  yield* listed(sessions, (record) => quoted(snapshotSession(record)));
  yield '],"acquisitions":[';
  const acquisitions = [...state.acquisitions.values()].sort((a, b) => a.sequence - b.sequence);
  yield* listed(acquisitions, acquisitionText);
  yield "]}";
}

function* listed<T>(records: readonly T[], textOf: (record: T) => string): Generator<string> {
  for (let first = 0; first < records.length; first += STEP) {
    const texts = records
      .slice(first, first + STEP)
      .map(textOf)
      .join();
    yield first === 0 ? texts : `,${texts}`;
  }
}

function acquisitionText(record: AcquisitionRecord): string {
  const { id, sequence, semaphore, session, terms, queuedAt, deadline, grant, revoked } = record;
  return (
    `{"id":${quoted(id)},"sequence":${sequence},"semaphore":${quoted(semaphore.name)},"session":${quoted(session.id)},` +
    `"terms":${quoted(terms)},"queuedAt":${queuedAt},"deadline":${finite(deadline)},"grant":${grantText(grant)},` +
    `"revoked":${revoked}}`
  );
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}
