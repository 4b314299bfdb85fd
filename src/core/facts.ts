/** The events about one acquisition, and those about commands without effect, as `decide` states them. */

import type { AcquireCommand, ReassertCommand, SessionCommand } from "./command.js";
import type { AbandonedEvent, Event, ExpiredEvent, IgnoredEvent, ReleasedEvent } from "./event.js";
import type { AcquisitionRecord, SemaphoreRecord, State } from "./state.js";

export function released(
  state: State,
  acquisition: AcquisitionRecord,
  reason: ReleasedEvent["reason"],
  at: number,
  command?: SessionCommand,
): Event {
  return {
    seq: state.seq + 1,
    at,
    type: "released",
    semaphore: acquisition.semaphore.name,
    acquisition: acquisition.id,
    session: acquisition.session.id,
    reason,
    by: askedBy(acquisition, command),
    number: command?.number,
  };
}

export function expired(
  state: State,
  acquisition: AcquisitionRecord,
  reason: ExpiredEvent["reason"],
  at: number,
  command?: SessionCommand,
): Event {
  return {
    seq: state.seq + 1,
    at,
    type: "expired",
    semaphore: acquisition.semaphore.name,
    acquisition: acquisition.id,
    session: acquisition.session.id,
    reason,
    by: askedBy(acquisition, command),
    number: command?.number,
    operator: operatorOf(command),
  };
}

export function abandoned(
  state: State,
  acquisition: AcquisitionRecord,
  reason: AbandonedEvent["reason"],
  at: number,
  command?: SessionCommand,
): Event {
  const { semaphore } = acquisition;
  return {
    seq: state.seq + 1,
    at,
    type: "abandoned",
    semaphore: semaphore.name,
    acquisition: acquisition.id,
    session: acquisition.session.id,
    reason,
    by: askedBy(acquisition, command),
    number: command?.number,
    declared: semaphore.declared,
    effective: semaphore.effective,
    held: semaphore.holders.size,
    queued: semaphore.queue.size,
    operator: operatorOf(command),
  };
}

function operatorOf(command: SessionCommand | undefined): string | undefined {
  return command?.type === "revoke" ? command.operator : undefined;
}

/** An acquire that is not even queued; the semaphore as it is, or would be. */
export function turnedAway(
  state: State,
  command: AcquireCommand,
  semaphore: SemaphoreRecord | undefined,
  reason: "busy" | "queue-full" | "value-mismatch",
  at: number,
): Event {
  return {
    seq: state.seq + 1,
    at,
    type: "abandoned",
    semaphore: command.semaphore,
    acquisition: command.acquisition,
    session: command.session,
    reason,
    by: undefined,
    number: command.number,
    declared: semaphore?.declared ?? command.value,
    effective: semaphore?.effective ?? command.value,
    held: semaphore?.holders.size ?? 0,
    queued: semaphore?.queue.size ?? 0,
  };
}

/** @param known the acquisition, where the data knows it */
export function reasserted(
  state: State,
  command: ReassertCommand,
  known: AcquisitionRecord | undefined,
  at: number,
): Event {
  const { semaphore, acquisition, session, number, value, slot, token } = command;
  const { queuedAt, grantedAt, ttlLeftMs, terms } = command;
  return {
    seq: state.seq + 1,
    at,
    type: "reasserted",
    semaphore,
    acquisition,
    session,
    from: known?.session.id,
    number,
    value,
    slot,
    token,
    queuedAt,
    grantedAt,
    ttlLeftMs,
    terms,
  };
}

export function ignored(
  state: State,
  command: SessionCommand & { type: IgnoredEvent["command"] },
  reason: IgnoredEvent["reason"],
  at: number,
): Event {
  return {
    seq: state.seq + 1,
    at,
    type: "ignored",
    session: command.session,
    number: command.number,
    command: command.type,
    acquisition: command.type === "reassert" ? command.acquisition : undefined,
    reason,
  };
}

/** The session that asked, where it is not the acquisition's own. */
export function askedBy(
  acquisition: AcquisitionRecord,
  command: SessionCommand | undefined,
): string | undefined {
  return command === undefined || command.session === acquisition.session.id
    ? undefined
    : command.session;
}
