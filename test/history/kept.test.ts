/** Histories that were written once stay readable for ever, and say the same (test/histories). */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { StoredEntry } from "../../src/history/entry.js";
import { readHistory, writeHistory } from "../../src/history/lines.js";
import { replay } from "../../src/history/replay.js";
import { verify } from "../../src/history/verify.js";
import { HISTORY_VERSION } from "../../src/history/versions.js";
import { parseLine } from "../support/language.js";
import { Partition } from "../support/partition.js";
import { longRun } from "./long-run.js";
import { recorded, trimmedTo } from "./recorder.js";

const folder = new URL("../histories/", import.meta.url);
/** After so many events the state is noted. */
const EVERY = 10;

const TRACES = [
  ...["trap-29-superseded", "trap-29-reasserted", "trap-33-clock-ahead", "trap-11-shrink-owes"],
  ...["rule-revoke", "rule-forgotten", "rule-metadata"],
];

/** What today's version writes. */
function histories(): [name: string, entries: StoredEntry[]][] {
  const traces = TRACES.map((name): [string, StoredEntry[]] => {
    const text = readFileSync(new URL(`../traces/${name}.txt`, import.meta.url), "utf8");
    return [name, recorded(partitionOf(text), { perEntry: 2 })];
  });
  const medium = recorded(longRun(12, 2), { perEntry: 3, checkpointEvery: 40 });
  return [...traces, ["medium", medium], ["medium-trimmed", trimmedTo(medium, 1)]];
}

function partitionOf(trace: string): Partition {
  const partition = new Partition();
  for (const text of trace.split("\n")) {
    if (text === "" || /^[ #]/.test(text)) continue;
    const line = parseLine(text);
    if (line.type === "command") partition.ask(line.ask, line.number);
    if (line.type === "leader") partition.apply(line.command);
    if (line.type === "at") partition.at(line.ms);
  }
  return partition;
}

/** The state after every few events, a line each. */
async function statesOf(entries: readonly StoredEntry[], first: number, last: number) {
  const lines: string[] = [];
  for (let seq = first; seq < last + EVERY; seq += EVERY) {
    const replayed = await replay(entries, { untilSeq: Math.min(seq, last) });
    lines.push(replayed.describe());
  }
  return `${lines.join("\n")}\n`;
}

async function write(name: string, entries: StoredEntry[]): Promise<void> {
  const version = new URL(`v${HISTORY_VERSION}/`, folder);
  const file = new URL(`${name}.jsonl`, version);
  if (existsSync(file)) return;
  mkdirSync(version, { recursive: true });
  const { head: hash, last = 0 } = await verify(entries);
  const lines: string[] = [];
  const header = { exportedAt: 0, head: { seq: last, hash } };
  for await (const line of writeHistory(header, entries)) lines.push(`${line}\n`);
  writeFileSync(file, lines.join(""));
  const first = JSON.parse(entries[0]?.state ?? '{"seq":1}').seq;
  writeFileSync(new URL(`${name}.txt`, version), await statesOf(entries, first, last));
}

if (process.env.WRITE_HISTORIES)
  for (const [name, entries] of histories()) await write(name, entries);

const versions = readdirSync(folder).filter((name) => name.startsWith("v"));
const files = versions.flatMap((version) =>
  readdirSync(new URL(`${version}/`, folder))
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => `${version}/${name}`),
);

test.each(files)("%s", async (path) => {
  const read = await readHistory(readFileSync(new URL(path, folder), "utf8").split("\n"));
  const entries: StoredEntry[] = [];
  for await (const entry of read.entries) entries.push(entry);
  const { head } = read.header;
  // Whether today's code would decide the same is another question.
  const verified = await verify(entries, { head, decisions: false });
  expect(verified).toMatchObject({ ok: true, last: head?.seq });
  const first = JSON.parse(entries[0]?.state ?? '{"seq":1}').seq;
  const expected = readFileSync(new URL(path.replace(/jsonl$/, "txt"), folder), "utf8");
  expect(await statesOf(entries, first, verified.last ?? 0)).toBe(expected);
});

test("today's version has all that it shall have, and in these everything happens", async () => {
  const own = histories().map(([name]) => `v${HISTORY_VERSION}/${name}.jsonl`);
  expect(files).toEqual(expect.arrayContaining(own));
  const all = own.map((path) => readFileSync(new URL(path, folder), "utf8")).join("");
  const types = new Set([...all.matchAll(/"at":\d+,"type":"(\w+)"/g)].map(([, type]) => type));
  expect([...types].sort()).toEqual(
    [
      ...["abandoned", "declared", "expired", "granted", "heartbeat", "ignored", "left", "queued"],
      ...["reasserted", "rebased", "refused", "released", "resized", "restarted", "resumed"],
      ...["revoked", "swept", "ticked"],
    ].sort(),
  );
});
