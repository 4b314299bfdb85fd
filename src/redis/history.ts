/** The history of a partition, read from its stream. */

import { parseJson } from "../core/json.js";
import { isWhole } from "../decode.js";
import { HistoryError } from "../errors.js";
import type { Clock, History, HistoryHead, HistoryRange, StoredEntry } from "../ports.js";
import { rest } from "../rest.js";
import type { Connections } from "./connections.js";
import type { Keys } from "./keys.js";
import { after, lastUpTo, pagesOf, type StreamEntry } from "./pages.js";
import { Reading } from "./reading.js";
import { listOf, numberOf, textOf } from "./replies.js";

/** How soon a live reader looks again. */
const LOOK_MS = 200;

export class RedisHistory implements History {
  constructor(
    private readonly connections: Connections,
    private readonly keys: Keys,
    private readonly clock: Clock,
  ) {}

  async *entries(range: HistoryRange = {}): AsyncGenerator<StoredEntry, void, undefined> {
    const { reverse = false, signal } = range;
    const isBefore = reverse ? () => false : isUpTo(range.from ?? 1);
    let found = false;
    for await (const streamed of reverse ? this.backwards(range) : this.forwards(range)) {
      if (signal?.aborted) return;
      const entry = toEntry(streamed, this.keys.history);
      found ||= !isBefore(entry);
      if (found) yield entry;
    }
  }

  async head(): Promise<HistoryHead> {
    const args = [this.keys.meta, "seq", "head"];
    const reply = await this.connections.ask((life) => life.call("HMGET", args));
    const [seq, hash] = listOf(reply);
    if (seq === null || seq === undefined) return { seq: 0, hash: "" };
    return { seq: numberOf(seq), hash: textOf(hash) };
  }

  now(): Promise<number> {
    return this.connections.ask(async (life) => {
      const [at, time] = await Promise.all([
        life.call("HGET", [this.keys.meta, "at"]),
        life.call("TIME", []),
      ]);
      const [seconds = 0, micros = 0] = listOf(time).map(numberOf);
      const now = seconds * 1_000 + Math.floor(micros / 1_000);
      return Math.max(now, at === null ? 0 : numberOf(at));
    });
  }

  private async *backwards({ from }: HistoryRange): AsyncGenerator<StreamEntry, void, undefined> {
    const place = { reverse: true, from: from === undefined ? "+" : placeOf(from) };
    for await (const page of pagesOf(this.connections, this.keys.history, place)) yield* page;
  }

  private async *forwards(range: HistoryRange): AsyncGenerator<StreamEntry, void, undefined> {
    const { from = 1, live = false, signal } = range;
    const { connections, keys } = this;
    const reading = new Reading(connections, keys);
    let next = from > 1 ? await this.placeBefore(from) : "-";
    while (!signal?.aborted) {
      for await (const page of pagesOf(connections, keys.history, { from: next })) {
        await reading.take(page);
        yield* page;
        const last = page.at(-1);
        if (last) next = after(last.id);
      }
      if (!live) return;
      // Whoever watches does so for as long as the process runs.
      await rest(this.clock, LOOK_MS, signal, true);
      if (!signal?.aborted) next = (await reading.look()) ?? next;
    }
  }

  /** Id of the entry that has this event, or that comes last before it; else the first of all. */
  private async placeBefore(seq: number): Promise<string> {
    const entry = await lastUpTo(this.connections, this.keys.history, placeOf(seq));
    return entry?.id ?? "-";
  }
}

/** The first part of an id is enough: whatever begins with it, or with less, stands up to there. */
function placeOf(seq: number): string {
  return `${Math.min(Math.max(Math.floor(seq), 0), Number.MAX_SAFE_INTEGER)}`;
}

/** Whether an entry stands before the one with this event. */
function isUpTo(from: number): (entry: StoredEntry) => boolean {
  return ({ seq, events }) => seq < from && seq + countOf(events) <= from;
}

function countOf(events: string): number {
  const list = parseJson(events);
  return Array.isArray(list) ? list.length : Infinity;
}

/** @throws HistoryError if it is none. */
function toEntry({ id, fields }: StreamEntry, key: string): StoredEntry {
  const [seq, epoch] = [Number(fields.get("seq")), Number(fields.get("epoch"))];
  const [commands, events] = [fields.get("commands"), fields.get("events")];
  const hash = fields.get("hash");
  const isWritten = isWhole(seq) && isWhole(epoch);
  if (!isWritten || commands === undefined || events === undefined || hash === undefined) {
    throw new HistoryError(
      `entry ${id} of ${key} in Redis is none that slotstream wrote`,
      "Somebody else wrote to this key. Find out who; what stands before that entry can be read with a limit, or by time.",
    );
  }
  const [previous, state] = [fields.get("previous"), fields.get("state")];
  return { seq, epoch, commands, events, previous, state, hash };
}
