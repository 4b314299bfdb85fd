/** An export as long as one likes, entry by entry: what a busy fleet leaves behind. */

import type { SessionCommand } from "../../src/core/command.js";
import { State } from "../../src/core/state.js";
import { step } from "../../src/core/step.js";
import { hashOf, type StoredEntry } from "../../src/history/entry.js";
import { writeHistory } from "../../src/history/lines.js";
import { CommandTexts } from "../../src/session/command-text.js";

const START = Date.UTC(2026, 0, 31);
const SESSION = `${START}-busy`;
/** Acquires and releases an entry. */
const PAIRS = 10;

const texts = new CommandTexts();

/** Its lines; each entry has 30 events or so. */
export function longHistory(entries: number): AsyncGenerator<string, void, undefined> {
  return writeHistory({ namespace: "long", exportedAt: START + entries * 100 }, entriesOf(entries));
}

function* entriesOf(count: number): Generator<StoredEntry, void, undefined> {
  const state = new State();
  let head = "";
  for (let i = 0; i < count; i++) {
    const at = START + i * 100;
    const seq = state.seq + 1;
    const commands = commandsOf(i);
    const events = commands.flatMap((command) => step(state, command, at));
    const text = commands.map((command) => texts.of(command)).join();
    const row = `["${at}-0","${SESSION}",${commands[0]?.number},0,[${text}]]`;
    const entry = { seq, epoch: 1, commands: `[${row}]`, events: JSON.stringify(events) };
    head = hashOf(head, entry);
    yield { ...entry, hash: head };
  }
}

function commandsOf(entry: number): SessionCommand[] {
  return Array.from({ length: 2 * PAIRS }, (_, i): SessionCommand => {
    const number = entry * 2 * PAIRS + i + 1;
    const acquisition = `busy-${Math.ceil(number / 2)}`;
    const common = { session: SESSION, number, acquisition };
    if (i % 2 === 1) return { ...common, type: "release" };
    return { ...common, type: "acquire", semaphore: `api-${entry % 50}`, value: 4, terms: {} };
  });
}
