// @ts-check
// Makes a history, writes it to a file, reads it: for file.js.

import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { MemoryCoordinator, readHistory, replay, verify } from "slotstream";
import { fill } from "./fill.js";

/** @type {MemoryCoordinator | undefined} */
let coordinator;
let made = 0;

/** @param {string} path @param {number} events */
export async function make(path, events) {
  coordinator = new MemoryCoordinator({ threads: "isolated", historyRetention: 2 * events });
  await fill(coordinator, events);
  const { seq } = await coordinator.replay();
  made = seq;
  const lines = await writeTo(path);
  return { lines: lines - 1, bytes: (await stat(path)).size };
}

/** @param {string} path */
export function write(path) {
  return timed(async () => {
    await writeTo(path);
    return made;
  });
}

/** @param {string} task @param {string} path */
export function perform(task, path) {
  return timed(async () => {
    const lines = createInterface({ input: createReadStream(path) });
    const { entries } = await readHistory(lines);
    if (task === "replay") return (await replay(entries)).seq;
    if (task === "read") return readAll(entries);
    const { ok, events, problem } = await verify(entries, { decisions: task === "verify" });
    if (!ok) throw new Error(problem?.message);
    return events;
  });
}

/** Nothing but the lines taken apart. Resolves with about how many events there are. @param {AsyncIterable<import("slotstream").StoredEntry>} entries */
async function readAll(entries) {
  let last = 0;
  for await (const { seq } of entries) last = seq;
  return last;
}

/** @param {string} path @returns {Promise<number>} how many lines */
async function writeTo(path) {
  let lines = 0;
  async function* withLineFeeds() {
    for await (const line of coordinator?.export() ?? []) {
      lines++;
      yield `${line}\n`;
    }
  }
  await pipeline(Readable.from(withLineFeeds()), createWriteStream(path));
  return lines;
}

/** @param {() => Promise<number>} task resolves with how many events there were @returns {Promise<import("./file.js").Done>} */
async function timed(task) {
  const [start, used] = [process.hrtime.bigint(), process.cpuUsage()];
  const events = await task();
  const ns = Number(process.hrtime.bigint() - start);
  const { user, system } = process.cpuUsage(used);
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { ns, cpuNs: 1_000 * (user + system), events, peakBytes };
}
