/** The commands of a run as its leader gets them: entries of sessions, some at a time, and commands of its own. */

import type { Command, LeaderCommand } from "../../src/core/command.js";
import type { ReadEntry } from "../../src/ports.js";
import type { OwnCommand } from "../../src/reconciler/ledger.js";
import { CommandTexts } from "../../src/session/command-text.js";
import type { Entry } from "./partition.js";

export interface Batch {
  readonly own: readonly OwnCommand[];
  readonly read: readonly ReadEntry[];
}

const texts = new CommandTexts();

/** One to five commands make a batch. */
export function batchesOf(commands: readonly Entry[]): Batch[] {
  const batches: Batch[] = [];
  for (let i = 0; i < commands.length; ) {
    const batch = commands.slice(i, i + 1 + (i % 5));
    batches.push({
      own: batch.flatMap(({ command, at }) => (isOwn(command) ? [{ command, at }] : [])),
      read: batch.flatMap(({ command, at }, index) =>
        isOwn(command) ? [] : [entryOf(command, `${at}-${i + index + 1}`)],
      ),
    });
    i += batch.length;
  }
  return batches;
}

function isOwn(command: Command): command is LeaderCommand {
  return command.type === "rebase" || command.type === "restart";
}

function entryOf(command: Command, id: string): ReadEntry {
  if (!("session" in command)) return { id, entry: undefined };
  const { session, number } = command;
  return { id, entry: { session, number, seen: 0, commands: `[${texts.of(command)}]` } };
}
