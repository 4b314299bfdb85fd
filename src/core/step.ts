/**
 * One command, all that follows: decide → evolve until nothing more follows.
 * Same state and command, same events, on every machine.
 */

import { type Command, TICK } from "./command.js";
import { decide } from "./decide.js";
import type { Event } from "./event.js";
import { evolve } from "./evolve.js";
import type { State } from "./state.js";

/**
 * Applies the command at log time `at` (milliseconds, never lower than before) and returns the
 * events that followed.
 */
export function step(state: State, command: Command, at: number): Event[] {
  const first = advance(state, command, at);
  if (first === undefined) return [];
  const second = advance(state, remaining(command, first), at);
  if (second === undefined) return [first];
  // Few commands lead further than this, so the array seldom has to grow.
  const events = [first, second];
  let rest = remaining(remaining(command, first), second);
  for (;;) {
    const event = advance(state, rest, at);
    if (event === undefined) return events;
    events.push(event);
    rest = remaining(rest, event);
  }
}

/** Applies recorded events: the same state as the commands that they came from. */
export function fold(state: State, events: Iterable<Event>): State {
  for (const event of events) evolve(state, event);
  return state;
}

/** The next thing that follows, applied. */
function advance(state: State, command: Command, at: number): Event | undefined {
  const event = decide(state, command, at);
  if (event) evolve(state, event);
  return event;
}

/** Once a command has taken effect, what follows is what follows from time alone. */
function remaining(command: Command, event: Event): Command {
  if (event.number !== undefined) return TICK;
  return event.type === "rebased" || event.type === "restarted" ? TICK : command;
}
