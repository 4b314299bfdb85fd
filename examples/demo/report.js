// @ts-check
/** What the demo has to tell at its end. */

import { createHash } from "node:crypto";
import { describeEvent } from "slotstream";

/**
 * @typedef {{
 *   file: string, digest: string, bytes: number, waitedMs: number,
 *   slot: import("slotstream").Acquisition,
 * }} Hashed
 *
 * @typedef {Map<string, import("slotstream").SemaphoreStats>} Stats
 *
 * @typedef {{
 *   hashed: Hashed[], tookMs: number,
 *   midway: Stats | undefined, atTheEnd: Stats,
 *   witness: Hashed | undefined, history: import("slotstream").Event[] | undefined,
 * }} Found `hashed` is in the order of the acquires; `history` is that of the witness.
 */

/** @param {Found} found */
export function report({ hashed, tookMs, midway, atTheEnd, witness, history = [] }) {
  const bytes = hashed.reduce((sum, { bytes }) => sum + bytes, 0);
  section(`${count(hashed.length)} files, ${(bytes / 1e6).toFixed(1)} MB, in ${time(tookMs)}`, [
    `sha256 of all their hashes: ${digestOf(hashed)}`,
  ]);
  section("How full the semaphore was", [
    `half-way    ${stats(midway)}`,
    `at the end  ${stats(atTheEnd)}`,
  ]);
  section(
    "The longest waits",
    hashed
      .toSorted((a, b) => b.waitedMs - a.waitedMs)
      .slice(0, 5)
      .map(({ file, waitedMs }) => `${time(waitedMs).padStart(8)}  ${file}`),
  );
  section(
    `What happened to ${witness?.file}`,
    history.map((event) => `${time(event.at - startOf(history)).padStart(8)}  ${state(event)}`),
  );
  section("Was it fair?", [fairness(hashed)]);
}

/**
 * @param {string} title
 * @param {string[]} lines
 */
function section(title, lines) {
  console.log(`\n${title}\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

/** @param {Hashed[]} hashed */
function digestOf(hashed) {
  const hash = createHash("sha256");
  for (const line of hashed.map(({ digest, file }) => `${digest}  ${file}\n`).sort())
    hash.update(line);
  return hash.digest("hex").slice(0, 16);
}

/** @param {Stats} [stats] */
function stats(stats = new Map()) {
  const lines = [...stats].map(
    ([name, { acquiredSlots, maxSlots, acquiredPercent, queued }]) =>
      `${name}: ${acquiredSlots} of ${maxSlots} slots held (${acquiredPercent} %), ${count(queued)} waiting`,
  );
  return lines.join("; ");
}

/**
 * The state that an event leads to.
 * @param {import("slotstream").Event} event
 */
function state(event) {
  switch (event.type) {
    case "queued":
      return `queued    at place ${count(event.position)} of the queue`;
    case "granted":
      return `held      slot ${event.slot}, fencing token ${event.token}`;
    case "released":
      return "released";
    default:
      return describeEvent(event);
  }
}

/** Every grant has a higher fencing token than those before it. @param {Hashed[]} hashed */
function fairness(hashed) {
  const tokens = hashed.map(({ slot }) => slot.fencingToken);
  const overtakers = tokens.filter((token, index) => token < (tokens[index - 1] ?? 0)).length;
  return overtakers === 0
    ? `Yes: all ${count(hashed.length)} grants came in the order of the acquires.`
    : `No: ${count(overtakers)} grants overtook others.`;
}

/** @param {import("slotstream").Event[]} history */
function startOf(history) {
  return history[0]?.at ?? 0;
}

/** @param {number} number */
function count(number) {
  return number.toLocaleString("en");
}

/** @param {number} ms */
function time(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
