/** Histories for tests: what a partition was asked, written down as a leader writes it, with checkpoints now and then. */

import type { Command, SessionCommand } from "../../src/core/command.js";
import { snapshot } from "../../src/core/snapshot.js";
import { State } from "../../src/core/state.js";
import { step } from "../../src/core/step.js";
import { hashOf, type StoredEntry } from "../../src/history/entry.js";
import { CommandTexts } from "../../src/session/command-text.js";
import type { Entry, Partition } from "../support/partition.js";

interface RecorderOptions {
  /** So many commands make an entry. */
  readonly perEntry?: number;
  /** So many entries later there is another checkpoint; never if absent. */
  readonly checkpointEvery?: number;
  readonly epoch?: number;
}

const texts = new CommandTexts();

/** The history of all that the partition was asked. */
export function recorded(partition: Pick<Partition, "commands">, options: RecorderOptions = {}) {
  const { perEntry = 1, checkpointEvery = Infinity, epoch = 1 } = options;
  const entries: StoredEntry[] = [];
  const state = new State();
  let head = "";
  for (let i = 0; i < partition.commands.length; i += perEntry) {
    const commands = partition.commands.slice(i, i + perEntry);
    const seq = state.seq + 1;
    const events = commands.flatMap(({ command, at }) => step(state, command, at));
    const isCheckpoint = (entries.length + 1) % checkpointEvery === 0;
    const entry = {
      ...{ seq, epoch, events: JSON.stringify(events) },
      commands: `[${commands.map((entry, index) => row(entry, index)).join()}]`,
      ...(isCheckpoint && { previous: head, state: JSON.stringify(snapshot(state)) }),
    };
    head = hashOf(head, entry);
    entries.push({ ...entry, hash: head });
  }
  return entries;
}

function row({ command, at }: Entry, index: number): string {
  const id = `${at}-${index}`;
  if (!isOfSession(command)) return JSON.stringify([id, command]);
  const { session, number } = command;
  return `["${id}",${JSON.stringify(session)},${number},0,[${texts.of(command)}]]`;
}

function isOfSession(command: Command): command is SessionCommand {
  return "session" in command;
}

/** What is left when all before the `index`th checkpoint was trimmed. */
export function trimmedTo(entries: readonly StoredEntry[], index: number): StoredEntry[] {
  const checkpoints = entries.filter(({ state }) => state !== undefined);
  const first = checkpoints.at(index);
  if (first === undefined) throw new Error(`there are ${checkpoints.length} checkpoints only`);
  return entries.slice(entries.indexOf(first));
}

/** The same entries with hashes that fit, as somebody would write them who knows how. */
export function rehashed(entries: readonly StoredEntry[]): StoredEntry[] {
  let head = "";
  return entries.map((entry) => {
    const written = entry.state === undefined ? entry : { ...entry, previous: head };
    head = hashOf(head, written);
    return { ...written, hash: head };
  });
}
