/** What an entry decided, decided once more by today's code: the same commands must give the same events. */

import type { Command } from "../core/command.js";
import { describeCommand, describeEvent } from "../core/describe.js";
import type { Event } from "../core/event.js";
import type { State } from "../core/state.js";
import { step } from "../core/step.js";
import type { StoredEntry } from "./entry.js";
import { commandsIn, saysTheSame } from "./parts.js";

/** The first event that today's code would not have decided, or the first that it would have and that is not there. */
export interface Difference {
  readonly seq: number;
  /** The command that it follows from, in one line; `undefined` if no command of the entry leads to it. */
  readonly command: string | undefined;
  /** The event as it was recorded, in one line; `undefined` if nothing was. */
  readonly expected: string | undefined;
  /** The event that follows today, in one line; `undefined` if nothing does. */
  readonly actual: string | undefined;
}

/** What followed from one command. */
interface Outcome {
  readonly command: Command;
  readonly events: readonly Event[];
}

/**
 * Decides the commands of the entry again, which changes the state, and compares with the events that it recorded.
 *
 * @param state that before the entry; after a difference it is of no use any more
 * @throws HistoryError if the entry is damaged.
 */
export function decideAgain(
  state: State,
  entry: StoredEntry,
  recorded: readonly Event[],
): Difference | undefined {
  const outcomes: Outcome[] = [];
  const events: Event[] = [];
  for (const { command, at } of commandsIn(entry)) {
    const followed = step(state, command, Math.max(at, state.at));
    outcomes.push({ command, events: followed });
    for (const event of followed) events.push(event);
  }
  // As a leader writes them, so that nearly always there is nothing to compare one by one.
  const text = `[${events.map((event) => JSON.stringify(event)).join()}]`;
  return text === entry.events ? undefined : difference(entry.seq, outcomes, recorded);
}

function difference(
  first: number,
  outcomes: readonly Outcome[],
  recorded: readonly Event[],
): Difference | undefined {
  let index = 0;
  for (const { command, events } of outcomes) {
    for (const actual of events) {
      const expected = recorded[index];
      if (expected === undefined || !saysTheSame(expected, actual)) {
        return between(first + index, command, expected, actual);
      }
      index++;
    }
  }
  const expected = recorded[index];
  return expected && between(first + index, outcomes.at(-1)?.command, expected, undefined);
}

function between(
  seq: number,
  command: Command | undefined,
  expected: Event | undefined,
  actual: Event | undefined,
): Difference {
  const lines = [expected, actual].map((event) => event && describeEvent(event));
  const [recorded, decided] =
    lines[0] === lines[1] ? [JSON.stringify(expected), JSON.stringify(actual)] : lines;
  return {
    seq,
    command: command && describeCommand(command),
    expected: recorded,
    actual: decided,
  };
}
