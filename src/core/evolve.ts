/**
 * Applies one event to the state: the only writer. No policy; what an event says is done.
 */

import { assertDefined } from "./assert.js";
import { answeredSession, type Event, type ReassertedEvent } from "./event.js";
import { awaitHeartbeat, disown, markIdle, own, setDeadline, settle } from "./indexes.js";
import {
  AcquisitionRecord,
  REMEMBER_MS,
  SemaphoreRecord,
  SessionRecord,
  type State,
  SWEEP_PAUSE_MS,
  steadyTime,
} from "./state.js";

export function evolve(state: State, event: Event): void {
  state.seq = event.seq;
  state.at = event.at;
  // A jump shifts all that is to come. Steady time stays where it was: whether the log was silent
  // meanwhile is still to be seen.
  if (event.type === "rebased") state.shiftMs += event.byMs;
  else state.steadyAt = steadyTime(state, event.at);
  hear(state, event);
  switch (event.type) {
    case "queued": {
      const semaphore = semaphoreOf(state, event.semaphore, event.value);
      const session = sessionOf(state, event.session);
      const acquisition = new AcquisitionRecord(event, semaphore, session);
      state.acquisitions.add(event.acquisition, acquisition);
      state.waiting++;
      semaphore.queue.push(acquisition.place);
      own(state, acquisition);
      setDeadline(state, acquisition, deadlineAfter(state, event.terms.maxAcquireTimeMs));
      settle(state, semaphore);
      return;
    }
    case "granted": {
      const acquisition = live(state, event.acquisition);
      const { semaphore } = acquisition;
      state.token = event.token;
      state.waiting--;
      acquisition.grant = event;
      semaphore.slots.take(event.slot);
      semaphore.holders.push(acquisition.place);
      setDeadline(state, acquisition, deadlineAfter(state, acquisition.terms.ttlMs));
      settle(state, semaphore);
      return;
    }
    case "reasserted":
      reassert(state, event);
      return;
    case "released":
    case "expired":
      end(state, live(state, event.acquisition));
      return;
    case "abandoned": {
      const acquisition = state.acquisitions.get(event.acquisition);
      if (acquisition) end(state, acquisition);
      return;
    }
    case "revoked":
      live(state, event.acquisition).revoked = true;
      return;
    case "declared": {
      const semaphore = semaphoreOf(state, event.semaphore, event.value);
      if (semaphore.effective === semaphore.declared) semaphore.effective = event.value;
      semaphore.declared = event.value;
      settle(state, semaphore);
      return;
    }
    case "resized": {
      const semaphore = semaphoreOf(state, event.semaphore, event.declared);
      semaphore.effective = event.effective;
      settle(state, semaphore);
      return;
    }
    case "resumed":
      for (const session of state.sessions.values()) resume(state, session, event.gapMs);
      return;
    case "restarted":
      state.pausedUntil = steadyTime(state, event.pausedUntil);
      return;
    case "swept":
      for (const name of event.semaphores) state.semaphores.delete(name);
      for (const id of event.sessions) state.sessions.delete(id);
      state.sweepAt = nextSweep(state);
      return;
    case "heartbeat":
    case "left":
    case "ignored":
    case "refused":
    case "rebased":
    case "ticked":
      return;
  }
}

/** Any applied command is a sign of life of its session. */
function hear(state: State, event: Event): void {
  const id = event.type === "refused" ? undefined : answeredSession(event);
  if (id === undefined) return;
  const session = sessionOf(state, id);
  session.applied++;
  session.heardAt = state.steadyAt;
  if (session.owned.size === 0) markIdle(state, session);
  if (session.silentAt < Infinity) awaitHeartbeat(state, session);
}

function deadlineAfter(state: State, ms: number | undefined): number {
  return state.steadyAt + (ms ?? Infinity);
}

function semaphoreOf(state: State, name: string, value: number): SemaphoreRecord {
  const known = state.semaphores.get(name);
  if (known) return known;
  const semaphore = new SemaphoreRecord(name, value);
  state.semaphores.add(name, semaphore);
  return semaphore;
}

function sessionOf(state: State, id: string): SessionRecord {
  const known = state.sessions.get(id);
  if (known) return known;
  const session = new SessionRecord(id);
  state.sessions.add(id, session);
  return session;
}

function live(state: State, id: string): AcquisitionRecord {
  return assertDefined(
    state.acquisitions.get(id),
    "an event about an acquisition that is not live",
  );
}

/** It holds as its holder says, whatever was known of it. Its sequence is new, as everything that the log learns. */
function reassert(state: State, event: ReassertedEvent): void {
  const { slot, token, seq, terms } = event;
  const known = state.acquisitions.get(event.acquisition);
  if (known) end(state, known);
  const semaphore = semaphoreOf(state, event.semaphore, event.value);
  const session = sessionOf(state, event.session);
  const queued = { acquisition: event.acquisition, seq, at: event.queuedAt, terms };
  const acquisition = new AcquisitionRecord(queued, semaphore, session);
  acquisition.grant = { slot, token, at: event.grantedAt };
  acquisition.revoked = known?.revoked ?? false;
  state.acquisitions.add(event.acquisition, acquisition);
  state.token = Math.max(state.token, token);
  semaphore.slots.take(slot);
  semaphore.holders.push(acquisition.place);
  own(state, acquisition);
  setDeadline(state, acquisition, deadlineAfter(state, event.ttlLeftMs));
  settle(state, semaphore);
}

/** The acquisition ends, and with it all traces of it. */
function end(state: State, acquisition: AcquisitionRecord): void {
  const { semaphore, place, grant } = acquisition;
  state.acquisitions.delete(acquisition.id);
  state.deadlines.remove(acquisition);
  place.remove();
  if (grant) semaphore.slots.give(grant.slot);
  else state.waiting--;
  disown(state, acquisition);
  settle(state, semaphore);
}

/** A gap is no excuse for who was not heard after the last one either: then nobody may ever come to miss him. */
function resume(state: State, session: SessionRecord, gapMs: number): void {
  for (const watch of session.watches.values()) {
    const wasHeard = session.heardAt >= watch.resumedAt;
    if (wasHeard && watch.intervalMs < gapMs) watch.resumedAt = state.steadyAt;
  }
  awaitHeartbeat(state, session);
}

/** A minute after the longest idle one became so, but not too soon: looking costs as much as there is. */
function nextSweep(state: State): number {
  let idleSince = Infinity;
  for (const semaphore of state.semaphores.values()) {
    idleSince = Math.min(idleSince, semaphore.idleSince);
  }
  for (const session of state.sessions.values()) {
    idleSince = Math.min(idleSince, session.idleSince);
  }
  return Math.max(idleSince + REMEMBER_MS, state.steadyAt + SWEEP_PAUSE_MS);
}
