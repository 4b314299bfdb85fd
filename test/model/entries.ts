/** The entries of the command stream that a story makes, in batches: what is in one is written before anybody reads. */

import type { SessionCommand } from "../../src/core/command.js";
import { paceAfter, type Story, type Word } from "./words.js";

export interface Batch {
  readonly entries: readonly StreamEntry[];
  /** Log time of the last entry. */
  readonly at: number;
  /** Another leader takes over once it is decided. */
  readonly ledAnew: boolean;
}

/** What one command after the other says at the same time: a session, or nobody, which is a tick. */
export interface StreamEntry {
  readonly at: number;
  readonly commands: readonly SessionCommand[];
}

export function batchesOf(story: Story): Batch[] {
  const { words } = story;
  const batches: Batch[] = [];
  let entries: StreamEntry[] = [];
  let joins = false;
  for (const [index, word] of words.entries()) {
    const last = joins ? entries.pop() : undefined;
    entries.push(...(last ? joined(last, word) : [entryOf(word)]));
    const pace = paceAfter(story, index);
    joins = pace === "joined";
    if (pace !== "decided" && pace !== "led anew" && index < words.length - 1) continue;
    batches.push({ entries, at: word.at, ledAnew: pace === "led anew" });
    entries = [];
  }
  return batches;
}

/** One entry where that can say both, else two. */
function joined(entry: StreamEntry, word: Word): StreamEntry[] {
  const { command } = word;
  const last = entry.commands.at(-1);
  const follows =
    command.type !== "tick" &&
    last?.session === command.session &&
    last.number + 1 === command.number &&
    entry.at === word.at;
  if (!follows) return [entry, entryOf(word)];
  return [{ at: entry.at, commands: [...entry.commands, command] }];
}

function entryOf({ at, command }: Word): StreamEntry {
  return { at, commands: command.type === "tick" ? [] : [command] };
}

/** The fields as PROTOCOL.md has them. @param seen as the session says it */
export function fieldsOf({ commands }: StreamEntry, seen: number): string[] {
  const [first] = commands;
  if (first === undefined) return ["tick", "1"];
  const drafts = commands.map(({ session: _session, number: _number, ...draft }) => draft);
  return [
    ...["session", first.session, "number", String(first.number)],
    ...["seen", String(seen), "commands", JSON.stringify(drafts)],
  ];
}
