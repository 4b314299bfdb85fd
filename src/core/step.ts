/**
 * One command, all that follows: decide → evolve until nothing more follows.
 * Same state and command, same events, on every machine.
 */

import { type Command, TICK } from "./command.js";
import { decide } from "./decide.js";
import { answeredSession, type Event } from "./event.js";
import { evolve } from "./evolve.js";
import type { State } from "./state.js";

/**
 * Applies the command at log time `at` (milliseconds, never lower than before) and returns the
 * events that followed. Once the command is answered, what follows is what follows from time alone.
 */
export function step(state: State, command: Command, at: number): Event[] {
  const events: Event[] = [];
  let pending = command;
  for (;;) {
    const event = decide(state, pending, at);
    if (event === undefined) return events;
    evolve(state, event);
    events.push(event);
    if (answeredSession(event) !== undefined) pending = TICK;
  }
}

/** Applies recorded events: the same state as the commands that they came from. */
export function fold(state: State, events: Iterable<Event>): State {
  for (const event of events) evolve(state, event);
  return state;
}
