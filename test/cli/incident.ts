/** A history to ask, as a file, and what can have happened to a copy of it. */

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll } from "vitest";
import type { Command } from "../../src/core/command.js";
import { entryLine, headerLine } from "../../src/history/line.js";
import { recorded, rehashed, trimmedTo } from "../history/recorder.js";
import { temporaryFolder } from "./support.js";

/** When it begins. */
export const START = Date.UTC(2026, 10, 23, 3);
const SESSION = `${START}-web`;
const JOBS = 100;

/**
 * What happened: an entry of three events each half second, 103 entries in all. Another job takes over the slot of "deploy": it is
 * `queued`, the one before is `released`, it is `granted`. After a hundred of them, "batch" and "next" take slots of "cron"
 * (events 301 and 304 on), and the TTL of "batch" ends (event 307).
 */
function story(): { command: Command; at: number }[] {
  let number = 0;
  const heartbeat = (): Command => ({ type: "heartbeat", session: SESSION, number: ++number });
  const release = (acquisition: string): Command => {
    return { type: "release", session: SESSION, number: ++number, acquisition };
  };
  const acquire = (
    acquisition: string,
    semaphore: string,
    value: number,
    ttlMs?: number,
  ): Command => {
    const terms = { metadata: { host: "web-1" }, ...(ttlMs !== undefined && { ttlMs }) };
    const common = { session: SESSION, number: ++number, acquisition, semaphore, value };
    return { type: "acquire", ...common, terms };
  };
  const pairs: Command[][] = [[acquire("job-0", "deploy", 1), heartbeat()]];
  for (let job = 1; job < JOBS; job++) {
    pairs.push([acquire(`job-${job}`, "deploy", 1), release(`job-${job - 1}`)]);
  }
  pairs.push([acquire("batch", "cron", 2, 700), heartbeat()]);
  pairs.push([acquire("next", "cron", 2), heartbeat()]);
  pairs.push([heartbeat(), heartbeat()]);
  return pairs.flatMap((pair, index) =>
    pair.map((command) => ({ command, at: START + index * 500 })),
  );
}

const entries = recorded({ commands: story() }, { perEntry: 2, checkpointEvery: 20 });
/** Hash of the last entry. */
export const HEAD = entries.at(-1)?.hash ?? "";
const header = headerLine({
  namespace: "slotstream",
  exportedAt: START + 120_000,
  head: { seq: 309, hash: HEAD },
});
const lines = [header, ...entries.map(entryLine)];
const trimmedLines = [header, ...trimmedTo(entries, 1).map(entryLine)];

const folder = mkdtempSync(join(tmpdir(), "slotstream-incident-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As it was exported. */
export const INCIDENT = join(folder, "incident.jsonl");
/** The same from event 118 on, which is in a checkpoint. */
export const TRIMMED = join(folder, "trimmed.jsonl");

writeFileSync(INCIDENT, `${lines.join("\n")}\n`);
writeFileSync(TRIMMED, `${trimmedLines.join("\n")}\n`);

/** In a folder of its own. */
export function copyOf(file: string, name = "incident.jsonl"): string {
  const copy = join(temporaryFolder(), name);
  copyFileSync(file, copy);
  return copy;
}

/** The lines as somebody left them, in a folder of their own. */
export function altered(change: (lines: string[]) => string[], name = "incident.jsonl"): string {
  return written(`${change([...lines]).join("\n")}\n`, name);
}

export function written(content: string | Buffer, name = "incident.jsonl"): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

export const packed = () => written(gzipSync(readFileSync(INCIDENT)), "incident.jsonl.gz");
/** gzip has packed it, and the last two thirds are gone. */
export const halfPacked = () => {
  const whole = gzipSync(readFileSync(INCIDENT));
  return written(whole.subarray(0, whole.length / 3), "incident.jsonl.gz");
};

/** Line 5 is the entry of events 10 to 12. */
export const tampered = () =>
  altered((all) => all.with(4, (all[4] ?? "").replace('"events":[', '"events":[ ')));
export const gapped = () => altered((all) => all.toSpliced(4, 1));
export const reordered = () => altered((all) => all.with(4, all[5] ?? "").with(5, all[4] ?? ""));
/** It ends with event 147. */
export const truncated = () => altered((all) => all.slice(0, 50));
export const cutInLine = () =>
  altered((all) => [...all.slice(0, 50), (all[50] ?? "").slice(0, 40)]);
export const empty = () => written("");
export const foreign = () => written('{"name":"slotstream"}\n');
/** Its checkpoint is gone. */
export const beheaded = () => written([header, ...trimmedLines.slice(2)].join("\n"));

/** Another version said otherwise in event 1. All hashes fit. */
export const decidedOtherwise = () => {
  const [first, ...rest] = entries;
  if (first === undefined) throw new Error("there are no entries");
  const events = first.events.replace('"position":1', '"position":2');
  const others = rehashed([{ ...first, events }, ...rest]).map(entryLine);
  return written([headerLine({ exportedAt: START + 120_000 }), ...others].join("\n"));
};
