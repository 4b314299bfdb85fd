/** The history of a partition, read from its stream. */

import { parseJson } from "../core/json.js";
import { isWhole } from "../decode.js";
import { HistoryError } from "../errors.js";
import type { Clock, History, HistoryHead, HistoryRange, StoredEntry } from "../ports.js";
import { rest } from "../rest.js";
import type { Connections } from "./connections.js";
import type { Keys } from "./keys.js";
import { after, firstOf, pagesOf, type StreamEntry } from "./pages.js";
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
    const isBefore = reverse ? isAfter(range.from ?? Infinity) : isUpTo(range.from ?? 1);
    let found = false;
    for await (const streamed of reverse ? this.backwards() : this.forwards(range)) {
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

  private async *backwards(): AsyncGenerator<StreamEntry, void, undefined> {
    const pages = pagesOf(this.connections, this.keys.history, { reverse: true });
    for await (const page of pages) yield* page;
  }

  private async *forwards(range: HistoryRange): AsyncGenerator<StreamEntry, void, undefined> {
    const { from = 1, live = false, signal } = range;
    let next = from > 1 ? await this.placeBefore(from) : "-";
    while (!signal?.aborted) {
      for await (const page of pagesOf(this.connections, this.keys.history, { from: next })) {
        yield* page;
        const last = page.at(-1);
        if (last) next = after(last.id);
      }
      if (!live) return;
      // Whoever watches does so for as long as the process runs.
      await rest(this.clock, LOOK_MS, signal, true);
    }
  }

  /** Where reading begins to come to this event soon: both `seq` and ids rise, so that it can be searched for. */
  private async placeBefore(seq: number): Promise<string> {
    const { connections } = this;
    const { history } = this.keys;
    const [first, last] = await Promise.all([
      firstOf(connections, history),
      firstOf(connections, history, { reverse: true }),
    ]);
    if (first === undefined || last === undefined || !(seqOf(first) < seq)) return "-";
    let [low, high] = [placeOf(first), placeOf(last)];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const found = await firstOf(connections, history, { from: `${middle}` });
      if (found && seqOf(found) <= seq) low = Math.max(middle, placeOf(found));
      else high = middle - 1;
    }
    return `${low}`;
  }
}

/** Whether an entry stands before the one with this event. */
function isUpTo(from: number): (entry: StoredEntry) => boolean {
  return ({ seq, events }) => seq < from && seq + countOf(events) <= from;
}

function isAfter(from: number): (entry: StoredEntry) => boolean {
  return ({ seq }) => seq > from;
}

function countOf(events: string): number {
  const list = parseJson(events);
  return Array.isArray(list) ? list.length : Infinity;
}

/** The first part of an id. */
function placeOf({ id }: StreamEntry): number {
  return Number(id.slice(0, id.indexOf("-")));
}

function seqOf({ fields }: StreamEntry): number {
  return Number(fields.get("seq"));
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
