// @ts-check
// Reads slotstream's history from Redis as it is stored: once, or as it grows.

import { NAMESPACE } from "./leader.js";

const HISTORY = `${NAMESPACE}:history`;
const PAGE = 500;

/**
 * An event, as far as checks look at it.
 *
 * @typedef {{ type: string, seq: number, at: number, semaphore?: string, acquisition?: string, session?: string,
 *   slot?: number, token?: number, reason?: string, position?: number, value?: number,
 *   terms?: { metadata?: Record<string, string> } }} AnyEvent
 * @typedef {{ seq: number, epoch: number, events: AnyEvent[] }} StoredCommit
 */

/** @param {import("./server.js").RedisServer} server @returns {Promise<AnyEvent[]>} */
export async function readEvents({ control }) {
  const entries = await control.xrange(HISTORY, "-", "+");
  return entries.flatMap(([, fields]) => parse(fields).events);
}

/**
 * Follows the history and hands on every commit, from the first one on. A stream that is trimmed
 * meanwhile does no harm: what is read is kept by the listener.
 *
 * @param {import("./server.js").RedisServer} server
 * @param {(commit: StoredCommit) => void} onCommit
 * @returns {{ stop(): Promise<void> }} `stop` reads what is there by then, and ends
 */
export function follow(server, onCommit) {
  const connection = server.control.duplicate();
  let last = "0-0";
  let stopping = false;
  const read = async () => {
    for (;;) {
      const ending = stopping;
      const page = await connection.xread("COUNT", PAGE, "BLOCK", 100, "STREAMS", HISTORY, last);
      const entries = page?.[0]?.[1] ?? [];
      for (const [id, fields] of entries) {
        onCommit(parse(fields));
        last = id;
      }
      if (ending && entries.length === 0) return;
    }
  };
  const reading = read().finally(() => connection.disconnect());
  reading.catch(() => {});
  return {
    stop: () => {
      stopping = true;
      return reading;
    },
  };
}

/** @param {string[]} fields @returns {StoredCommit} */
function parse(fields) {
  /** @type {Record<string, string>} */
  const entry = {};
  for (let i = 0; i + 1 < fields.length; i += 2) entry[fields[i] ?? ""] = fields[i + 1] ?? "";
  const { seq, epoch, events = "[]" } = entry;
  return { seq: Number(seq), epoch: Number(epoch), events: JSON.parse(events) };
}
