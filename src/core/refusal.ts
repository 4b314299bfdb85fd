/**
 * Which commands of a session are refused: those that are not its next. `decide` asks before a
 * command takes effect. And which of two sessions is the older one.
 */

import type { SessionCommand } from "./command.js";
import type { RefusedEvent } from "./event.js";
import { REMEMBER_MS, type SessionRecord, type State } from "./state.js";

/** Why the command must not take effect; `undefined` if it is its session's next. */
export function refusalOf(
  state: State,
  command: SessionCommand,
  session: SessionRecord | undefined,
  at: number,
): RefusedEvent["reason"] | undefined {
  if (session) {
    if (command.number <= session.applied) return "duplicate";
    return command.number > session.applied + 1 ? "gap" : undefined;
  }
  return command.number === 1 && isYoung(state, command.session, at) ? undefined : "stranger";
}

/**
 * Whether the session was born within the last minute. Births are log time, so every jump of the
 * clock since then makes it look older, and how many there were since then is not known. It is taken
 * if it is young supposing that there were none, or supposing that all came since. Both are wrong for
 * one born between two jumps: it is refused, and begins again under another id, for nothing of it was
 * applied. And a forgotten session's first command is taken again if it comes as late as all jumps
 * together were long: what it acquires lasts until the silence of its session ends it.
 */
function isYoung(state: State, session: string, at: number): boolean {
  const age = at - birthOf(session);
  return isWithinMinute(age) || isWithinMinute(age - state.shiftMs);
}

function isWithinMinute(age: number): boolean {
  return age >= 0 && age < REMEMBER_MS;
}

/** Whether the session was born before the other one; not, if that cannot be told. */
export function isOlder(session: string, other: string): boolean {
  return birthOf(session) < birthOf(other);
}

/** A session's id begins with its birth in milliseconds of log time; `NaN` if it doesn't. */
function birthOf(session: string): number {
  const [birth, ...rest] = session.split("-");
  return birth && rest.length > 0 ? Number(birth) : Number.NaN;
}
