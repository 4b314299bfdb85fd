// @ts-check
// What a run leaves behind, one JSON text a line: what each client did, when which client was killed,
// and the history. Written at once and synchronously, so that a killed process has told all it did.

import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Times are microseconds of the machine's monotonic clock, the same in all processes. A client is one
 * life of a process; its asks are numbered.
 *
 * @typedef {{ type: "ask", ask: number, semaphore: string, at: number }} Ask
 * @typedef {{ type: "enter", ask: number, semaphore: string, acquisition: string, slot: number, token: number, at: number }} Enter
 * @typedef {{ type: "leave" | "lost", ask: number, at: number }} Leave
 *   `leave`: about to release. `lost`: told that the slot is not its own any more
 * @typedef {{ type: "failed", ask: number, error: string, at: number }} Failed
 * @typedef {Ask | Enter | Leave | Failed} ClientRecord
 * @typedef {{ client: string, at: number }} Death `at`: just before it was killed; surely it lived until then
 * @typedef {import("../redis/history.js").StoredCommit} StoredCommit
 * @typedef {{
 *   values: Record<string, number>,
 *   clients: Map<string, ClientRecord[]>,
 *   deaths: Map<string, number>,
 *   commits: StoredCommit[],
 * }} Run `values`: how many slots each semaphore has
 */

export const now = () => Number(process.hrtime.bigint() / 1000n);

/** @param {string} file @returns {(record: unknown) => void} */
function appendingTo(file) {
  return (record) => appendFileSync(file, `${JSON.stringify(record)}\n`);
}

/** @param {string} directory @param {string} client @returns {(record: ClientRecord) => void} */
export function clientRecorder(directory, client) {
  return appendingTo(join(directory, `client-${client}.jsonl`));
}

/** @param {string} directory @returns {(death: Death) => void} */
export function deathRecorder(directory) {
  return appendingTo(join(directory, "deaths.jsonl"));
}

/** @param {string} directory @returns {(commit: StoredCommit) => void} */
export function historyRecorder(directory) {
  return appendingTo(join(directory, "history.jsonl"));
}

/** @param {string} directory @param {Record<string, number>} values */
export function recordValues(directory, values) {
  writeFileSync(join(directory, "values.json"), `${JSON.stringify(values)}\n`);
}

/** @param {string} directory @returns {Run} */
export function readRun(directory) {
  const files = readdirSync(directory);
  const lines = (/** @type {string} */ file) =>
    files.includes(file)
      ? readFileSync(join(directory, file), "utf8").split("\n").filter(Boolean)
      : [];
  const read = (/** @type {string} */ file) => lines(file).map((line) => JSON.parse(line));
  const clients = files.flatMap((file) => {
    const [, client] = /^client-(.+)\.jsonl$/.exec(file) ?? [];
    return client === undefined ? [] : [/** @type {const} */ ([client, read(file)])];
  });
  return {
    values: JSON.parse(readFileSync(join(directory, "values.json"), "utf8")),
    clients: new Map(clients),
    deaths: new Map(read("deaths.jsonl").map(({ client, at }) => [client, at])),
    commits: read("history.jsonl"),
  };
}
