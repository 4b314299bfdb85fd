/**
 * All policy: what follows from a command. Reads state, changes nothing; `step` applies
 * what is decided here and asks again until nothing more follows.
 */

import type {
  AcquireCommand,
  CancelCommand,
  Command,
  LeaveCommand,
  ReassertCommand,
  RebaseCommand,
  ReleaseCommand,
  ResizeCommand,
  RestartCommand,
  RevokeCommand,
  SessionCommand,
} from "./command.js";
import { firstDue, isForgettable, isGap, isPaused } from "./deadlines.js";
import type { Event } from "./event.js";
import { abandoned, askedBy, expired, ignored, reasserted, released, turnedAway } from "./facts.js";
import { isOlder, refusalOf } from "./refusal.js";
import { type AcquisitionRecord, isUnused, logTime, type State, steadyTime } from "./state.js";
import { mustWait } from "./views.js";

/**
 * The next thing that follows from the command at log time `at`, if anything does.
 * In this order: a jump of the clock is noted, then a gap in the log; what is due ends; the command
 * takes effect; a free slot meets the head of a queue; what nobody uses any more is forgotten.
 */
export function decide(state: State, command: Command, at: number): Event | undefined {
  // What steady time is depends on this, so it comes before all that is judged by it.
  if (command.type === "rebase") return rebase(state, command, at);
  const now = steadyTime(state, at);
  return (
    resume(state, at, now) ??
    endWhatIsDue(state, at, now) ??
    (command.type === "tick" ? undefined : takeEffect(state, command, at, now)) ??
    grant(state, at, now) ??
    sweep(state, at, now) ??
    tick(state, at, now)
  );
}

/**
 * However wrong the leader's estimate: steady time does not go back, which would undo what happened,
 * and does not run ahead of log time, which would let everything expire.
 */
function rebase(state: State, { byMs }: RebaseCommand, at: number): Event {
  const within = Math.max(0, Math.min(byMs, at - state.at));
  return { seq: state.seq + 1, at, type: "rebased", byMs: within };
}

function resume(state: State, at: number, now: number): Event | undefined {
  if (!isGap(state, now)) return undefined;
  return { seq: state.seq + 1, at, type: "resumed", gapMs: now - state.steadyAt };
}

function endWhatIsDue(state: State, at: number, now: number): Event | undefined {
  const due = firstDue(state, now);
  if (due === undefined) return undefined;
  const byDeadline = due.because === "deadline";
  if (due.acquisition.grant)
    return expired(state, due.acquisition, byDeadline ? "ttl" : "heartbeat", at);
  return abandoned(state, due.acquisition, byDeadline ? "timeout" : "lost", at);
}

/** The oldest waiter that a free slot can serve gets the lowest one. */
function grant(state: State, at: number, now: number): Event | undefined {
  if (isPaused(state, now)) return undefined;
  const semaphore = state.grantable.peek();
  const head = semaphore?.queue.head?.value;
  if (semaphore === undefined || head === undefined) return undefined;
  return {
    seq: state.seq + 1,
    at,
    type: "granted",
    semaphore: semaphore.name,
    acquisition: head.id,
    session: head.session.id,
    slot: semaphore.slots.lowestFree(),
    token: nextToken(state, at),
  };
}

/** One more than the last, and at least the log time in microseconds, so that it rises even when all data was lost. */
function nextToken(state: State, at: number): number {
  return Math.max(state.token + 1, at * 1000);
}

function sweep(state: State, at: number, now: number): Event | undefined {
  if (now < state.sweepAt) return undefined;
  const semaphores = [...state.semaphores.values()].filter((record) => isForgettable(record, now));
  const sessions = [...state.sessions.values()].filter((record) => isForgettable(record, now));
  return {
    seq: state.seq + 1,
    at,
    type: "swept",
    semaphores: semaphores.map(({ name }) => name).sort(),
    sessions: sessions.map(({ id }) => id).sort(),
  };
}

/** Time is part of state, so a step that found nothing else to do still records it. */
function tick(state: State, at: number, now: number): Event | undefined {
  return state.steadyAt < now ? { seq: state.seq + 1, at, type: "ticked" } : undefined;
}

/** What the command itself does: a session's, once it is known to be its next. */
function takeEffect(
  state: State,
  command: SessionCommand | RestartCommand,
  at: number,
  now: number,
): Event {
  if (command.type === "restart") return restart(state, command, at);
  const session = state.sessions.get(command.session);
  const refusal = refusalOf(state, command, session, at);
  if (refusal) {
    const { session, number } = command;
    return { seq: state.seq + 1, at, type: "refused", session, number, reason: refusal };
  }
  switch (command.type) {
    case "acquire":
      return acquire(state, command, at, now);
    case "release":
      return release(state, command, at);
    case "cancel":
      return cancel(state, command, at);
    case "heartbeat":
      return {
        seq: state.seq + 1,
        at,
        type: "heartbeat",
        session: command.session,
        number: command.number,
      };
    case "leave":
      return leave(state, command, at);
    case "reassert":
      return reassert(state, command, at, now);
    case "resize":
      return resize(state, command, at);
    case "revoke":
      return revoke(state, command, at);
  }
}

function restart(state: State, { pauseMs }: RestartCommand, at: number): Event {
  const pausedUntil = Math.max(at + pauseMs, logTime(state, state.pausedUntil));
  return { seq: state.seq + 1, at, type: "restarted", pausedUntil };
}

function acquire(state: State, command: AcquireCommand, at: number, now: number): Event {
  const { terms } = command;
  if (state.acquisitions.get(command.acquisition)) {
    return ignored(state, command, "known-acquisition", at);
  }
  const semaphore = state.semaphores.get(command.semaphore);
  if (semaphore && semaphore.declared !== command.value) {
    if (terms.onValueMismatch !== "adopt" && !isUnused(semaphore)) {
      return turnedAway(state, command, semaphore, "value-mismatch", at);
    }
    return {
      seq: state.seq + 1,
      at,
      type: "declared",
      semaphore: semaphore.name,
      value: command.value,
    };
  }
  if (mustWait(state, semaphore, now)) {
    if (terms.noWait) return turnedAway(state, command, semaphore, "busy", at);
    if ((semaphore?.queue.size ?? 0) >= (terms.maxQueueSize ?? Infinity)) {
      return turnedAway(state, command, semaphore, "queue-full", at);
    }
  }
  return {
    seq: state.seq + 1,
    at,
    type: "queued",
    semaphore: command.semaphore,
    acquisition: command.acquisition,
    session: command.session,
    number: command.number,
    value: command.value,
    position: (semaphore?.queue.size ?? 0) + 1,
    terms,
  };
}

function release(state: State, command: ReleaseCommand, at: number): Event {
  const acquisition = state.acquisitions.get(command.acquisition);
  if (acquisition?.grant === undefined) return ignored(state, command, "not-held", at);
  return released(state, acquisition, "released", at, command);
}

function cancel(state: State, command: CancelCommand, at: number): Event {
  const acquisition = state.acquisitions.get(command.acquisition);
  if (acquisition === undefined) return ignored(state, command, "not-live", at);
  if (acquisition.grant) return released(state, acquisition, "cancelled", at, command);
  return abandoned(state, acquisition, command.reason, at, command);
}

/** Ends what the session owns, the oldest first; it has left when nothing remains. */
function leave(state: State, { session: asking, number, former }: LeaveCommand, at: number): Event {
  const session = former ?? asking;
  const acquisition = state.sessions.get(session)?.owned.head?.value;
  if (acquisition?.grant) return released(state, acquisition, "left", at);
  if (acquisition) return abandoned(state, acquisition, "cancelled", at);
  const by = session === asking ? undefined : asking;
  return { seq: state.seq + 1, at, type: "left", session, by, number };
}

/**
 * What the data has forgotten is taken for true while grants pause: nobody can have got the slot since. Where
 * two say that they hold it, the later grant counts. What the data still knows is true at any time, but a process
 * that goes on under a later name keeps it from what it was.
 */
function reassert(state: State, command: ReassertCommand, at: number, now: number): Event {
  const known = state.acquisitions.get(command.acquisition);
  if (known && known.semaphore.name !== command.semaphore) {
    return ignored(state, command, "known-acquisition", at);
  }
  if (known && holds(known, command)) {
    // An entry that came late; its process goes on under the name that owns this now.
    if (isOlder(command.session, known.session.id))
      return ignored(state, command, "superseded", at);
    return reasserted(state, command, known, at);
  }
  if (!isPaused(state, now)) return ignored(state, command, "too-late", at);
  const rival = known?.grant ? known : holderOf(state, command);
  if (rival?.grant === undefined) return reasserted(state, command, known, at);
  if (rival.grant.token > command.token) return ignored(state, command, "superseded", at);
  return expired(state, rival, "superseded", at);
}

function holds({ grant }: AcquisitionRecord, { slot, token }: ReassertCommand): boolean {
  return grant?.slot === slot && grant.token === token;
}

function holderOf(
  state: State,
  { semaphore: name, slot }: ReassertCommand,
): AcquisitionRecord | undefined {
  const semaphore = state.semaphores.get(name);
  if (semaphore === undefined || semaphore.slots.isFree(slot)) return undefined;
  return [...semaphore.holders].find(({ grant }) => grant?.slot === slot);
}

function resize(state: State, command: ResizeCommand, at: number): Event {
  const semaphore = state.semaphores.get(command.semaphore);
  const declared = semaphore?.declared ?? command.declared;
  if (declared === undefined) return ignored(state, command, "unknown-semaphore", at);
  if ((semaphore?.effective ?? declared) === command.value) {
    return ignored(state, command, "unchanged", at);
  }
  return {
    seq: state.seq + 1,
    at,
    type: "resized",
    semaphore: command.semaphore,
    session: command.session,
    number: command.number,
    declared,
    effective: command.value,
    operator: command.operator,
  };
}

function revoke(state: State, command: RevokeCommand, at: number): Event {
  const acquisition = state.acquisitions.get(command.acquisition);
  if (acquisition === undefined) return ignored(state, command, "not-live", at);
  if (acquisition.grant === undefined)
    return abandoned(state, acquisition, "cancelled", at, command);
  if (command.force) return expired(state, acquisition, "revoked", at, command);
  if (acquisition.revoked) return ignored(state, command, "unchanged", at);
  return {
    seq: state.seq + 1,
    at,
    type: "revoked",
    semaphore: acquisition.semaphore.name,
    acquisition: acquisition.id,
    session: acquisition.session.id,
    by: askedBy(acquisition, command),
    number: command.number,
    operator: command.operator,
  };
}
