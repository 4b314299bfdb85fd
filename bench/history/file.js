// @ts-check
// A large history as a file: written, replayed to its end, verified. Each time in a process of its own, whose memory at
// its highest is told: less than the file, if it is not all in memory at once.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "../measure.js";
import { Child } from "../processes.js";
import { figure, megabytes, millis, printTable } from "../table.js";

const CHILD = new URL("./file-child.js", import.meta.url);
const TASKS = ["read", "replay", "verify without decisions", "verify"];

/** @typedef {{ ns: number, cpuNs: number, events: number, peakBytes: number }} Done */

/** @param {import("../history.js").Size} size */
export async function file({ events, rounds }) {
  const folder = mkdtempSync(join(tmpdir(), "slotstream-bench-"));
  const path = join(folder, "history.jsonl");
  const rows = [];
  const writer = await Child.start(CHILD);
  const { lines, bytes } = await writer.call("make", path, events);
  rows.push(await row("export", rounds, () => writer.call("write", path)));
  await writer.end();
  for (const task of TASKS) rows.push(await row(task, rounds, () => alone(task, path)));
  rmSync(folder, { recursive: true });
  printTable(
    `a history of ${figure(events)} events in ${figure(lines)} entries, a file of ${megabytes(bytes)}`,
    ["", "time", "events a second", "processor time", "memory at most"],
    rows,
  );
  console.log("  export: out of memory, where the events are; all else by processes of their own");
}

/** @param {string} task @param {string} path @returns {Promise<Done>} */
async function alone(task, path) {
  const child = await Child.start(CHILD);
  const done = await child.call("perform", task, path);
  await child.end();
  return done;
}

/** @param {string} name @param {number} rounds @param {() => Promise<Done>} perform */
async function row(name, rounds, perform) {
  /** @type {Done[]} */
  const all = [];
  for (let round = 0; round < rounds; round++) all.push(await perform());
  const ns = median(all.map((done) => done.ns));
  const peakBytes = Math.max(...all.map((done) => done.peakBytes));
  const cpuNs = median(all.map((done) => done.cpuNs));
  const speed = figure((1e9 * (all[0]?.events ?? 0)) / ns);
  return [name, millis(ns), speed, millis(cpuNs), megabytes(peakBytes)];
}
