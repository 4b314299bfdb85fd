/** What a leader writes is a whole history, and can be exported, whatever its clients write. */

import { expect, test } from "vitest";
import type { Command } from "../../src/core/command.js";
import { State } from "../../src/core/state.js";
import { against } from "../../src/history/against.js";
import type { StoredEntry } from "../../src/history/entry.js";
import { readHistory, writeHistory } from "../../src/history/lines.js";
import { verify } from "../../src/history/verify.js";
import type { ReadEntry } from "../../src/ports.js";
import { Ledger } from "../../src/reconciler/ledger.js";
import { CommandTexts } from "../../src/session/command-text.js";
import { LOADED } from "../reconciler/support.js";
import { PATIENT } from "../support/moves.js";
import { longRun } from "./long-run.js";

const EPOCH = 9;
const texts = new CommandTexts();

function entryOf(command: Command, id: string): ReadEntry {
  if (!("session" in command)) return { id, entry: undefined };
  const { session, number } = command;
  return { id, entry: { session, number, seen: 0, commands: `[${texts.of(command)}]` } };
}

/** All that the leader of a long run commits. */
function written(): { entries: StoredEntry[]; events: number } {
  const state = new State();
  const ledger = new Ledger(LOADED, state, EPOCH);
  const { commands } = longRun(8, 4);
  const entries: StoredEntry[] = [];
  for (let i = 0; i < commands.length; i += 1 + (i % 5)) {
    const batch = commands.slice(i, i + 1 + (i % 5));
    const own = batch.flatMap(({ command, at }) =>
      command.type === "rebase" || command.type === "restart" ? [{ command, at }] : [],
    );
    const read = batch
      .filter(({ command }) => command.type !== "rebase" && command.type !== "restart")
      .map(({ command, at }, index) => entryOf(command, `${at}-${i + index}`));
    entries.push({ ...ledger.decide(own, read).history, epoch: EPOCH });
  }
  return { entries, events: state.seq };
}

test("a long run", PATIENT, async () => {
  const { entries, events } = written();
  expect(await verify(entries)).toMatchObject({
    ...{ ok: true, entries: entries.length, events },
    ...{ first: 1, last: events, head: entries.at(-1)?.hash },
  });
  expect(await against(entries)).toEqual({ same: events });
});

test("what is no command, what comes to nothing, and JSON with line feeds in it", async () => {
  const ledger = new Ledger(LOADED, new State(), EPOCH);
  const decide = (id: string, commands: string, number: number) => ({
    ...ledger.decide([], [{ id, entry: { session: "0-s", number, seen: 0, commands } }]).history,
    epoch: EPOCH,
  });
  const acquire = `{"type":"acquire","semaphore":"api","acquisition":"a","value":1,"terms":{}}`;
  const entries = [
    decide("5-0", "[7]", 1),
    decide("5-1", "[7]", 1),
    decide("6-0", `[\n  ${acquire},\r\n  {"acquisition":"\\u0061","type":"release"}]`, 1),
  ];
  expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 2]);
  expect(await verify(entries)).toMatchObject({ ok: true, events: 4 });
  const lines: string[] = [];
  for await (const line of writeHistory({}, entries)) lines.push(line);
  expect(lines).toHaveLength(4);
  const read = await readHistory(lines);
  const back: StoredEntry[] = [];
  for await (const entry of read.entries) back.push(entry);
  expect(back).toMatchObject(entries);
  expect(await verify(back)).toMatchObject({ ok: true, events: 4 });
});
