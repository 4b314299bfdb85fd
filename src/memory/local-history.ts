/**
 * The history of memory mode: at least the last so many events, in chunks. The oldest chunk goes when the others are
 * enough; the next one begins with a checkpoint, so that any moment that is kept can be rebuilt.
 */

import type { Command } from "../core/command.js";
import type { Event } from "../core/event.js";
import { snapshot } from "../core/snapshot.js";
import type { State } from "../core/state.js";
import { pick } from "../history/query.js";
import type { EventQuery, HistoryHead, HistoryRange, Retention, StoredEntry } from "../ports.js";
import { Chunk } from "./chunk.js";

/** A chunk has this part of what is kept, so that not much more is. */
const CHUNKS = 8;
/** In each such part of the time that things are kept another chunk begins. */
const PARTS = 4;
/** Events that a chunk has at least. */
const LEAST_EVENTS = 128;
/** So many events for each record of a checkpoint pay for its making. */
const EVENTS_A_RECORD = 2;

export class LocalHistory {
  private last = new Chunk();
  private readonly chunks = [this.last];
  /** Whether anything is ever too old to be kept. */
  private readonly ages: boolean;
  /** So many events, and the last chunk is full. */
  private capacity: number;
  /** How many read, and find their way from chunk to chunk. */
  private readers = 0;
  private readonly waiting = new Set<() => void>();

  /**
   * @param state that of the log, which is recorded here
   * @param retention `events` tells of so many
   */
  constructor(
    private readonly state: State,
    private readonly retention: Retention,
  ) {
    this.capacity = this.leastCapacity;
    this.ages = retention.ageMs < Infinity;
  }

  /** Comes once the state is what it is after these events. */
  record(command: Command, events: readonly Event[]): void {
    if (this.last.size >= this.capacity) this.beginChunk();
    if (this.ages) this.age();
    this.last.add(command, events);
    if (this.waiting.size > 0) for (const wake of [...this.waiting]) wake();
  }

  /** As they are now. */
  async *events(query: EventQuery): AsyncGenerator<Event, void, undefined> {
    this.readers++;
    try {
      for await (const event of pick(this.lists(query), query)) yield { ...event };
    } finally {
      this.readers--;
    }
  }

  async *entries(range: HistoryRange = {}): AsyncGenerator<StoredEntry, void, undefined> {
    this.readers++;
    try {
      yield* range.reverse ? this.entriesBackwards(range) : this.forwards(range);
    } finally {
      this.readers--;
    }
  }

  head(): HistoryHead {
    const { last, state } = this;
    const { seq } = state;
    const index = last.length - 1;
    if (index < 0) return { seq, hash: "" };
    return {
      seq,
      // Whoever asks for the number alone does not need all hashes up to here.
      get hash() {
        return last.hash(index);
      },
    };
  }

  private async *forwards({ from = 1, live, signal }: HistoryRange): AsyncGenerator<StoredEntry> {
    const end = live ? Infinity : this.state.seq;
    let [chunk, index] = this.placeOf(from);
    while (!signal?.aborted) {
      if (index < chunk.length) {
        if (chunk.seq(index) > end) return;
        yield chunk.entry(index++);
      } else if (chunk.next) {
        chunk.next.recall(chunk);
        chunk = chunk.next;
        index = 0;
      } else if (live) {
        await this.more(signal);
      } else return;
    }
  }

  private *entriesBackwards({ from = Infinity, signal }: HistoryRange): Generator<StoredEntry> {
    for (const [chunk, index] of this.backwards(from)) {
      if (signal?.aborted) return;
      yield chunk.entry(index);
    }
  }

  private *backwards(from: number): Generator<[chunk: Chunk, index: number]> {
    for (const chunk of this.chunks.toReversed()) {
      for (let index = chunk.length - 1; index >= 0; index--) {
        if (chunk.seq(index) <= from) yield [chunk, index];
      }
    }
  }

  /** The events that `events` tells of, by entry. */
  private *lists({ reverse }: EventQuery): Generator<readonly Event[]> {
    const end = this.state.seq;
    const first = end - this.retention.events + 1;
    const kept = (events: readonly Event[]) => events.filter(({ seq }) => seq >= first);
    if (reverse) {
      for (const [chunk, index] of this.backwards(end)) {
        const events = kept(chunk.events(index));
        if (events.length === 0) return;
        yield events;
      }
      return;
    }
    let [chunk, index]: [Chunk | undefined, number] = this.placeOf(first);
    for (; chunk; chunk = chunk.next, index = 0) {
      for (; chunk.seq(index) <= end; index++) yield kept(chunk.events(index));
    }
  }

  /** Where the entry with this event stands, or where reading begins to come to it. */
  private placeOf(seq: number): [chunk: Chunk, index: number] {
    if (seq > this.state.seq) return [this.last, this.last.length];
    const chunk = this.chunks.findLast((one) => one.seq(0) <= seq);
    return chunk ? [chunk, chunk.indexOf(seq)] : [this.chunks[0] ?? this.last, 0];
  }

  private beginChunk(): void {
    const { state, last, chunks } = this;
    const records = state.semaphores.size + state.acquisitions.size + state.sessions.size;
    this.capacity = Math.max(this.leastCapacity, EVENTS_A_RECORD * records);
    this.last = new Chunk(snapshot(state), last);
    last.next = this.last;
    chunks.push(this.last);
    this.trim();
  }

  private trim(): void {
    const { chunks } = this;
    let kept = chunks.reduce((sum, { size }) => sum + size, 0);
    for (let [first, second] = chunks; first && second; [first, second] = chunks) {
      kept -= first.size;
      if (kept < this.retention.events && !this.isOld(second)) return;
      chunks.shift();
      second.detach();
      // A chunk that nobody needs any more must not hold the next one: a garbage collector that looks at young objects
      // only would take that for needed as well, and so on, which nearly doubled what an acquire costs.
      if (this.readers === 0) first.next = undefined;
    }
  }

  /** Notes when chunks begin, and looks what is too old. */
  private age(): void {
    if (this.isOld(this.last, PARTS)) this.beginChunk();
    const [, second] = this.chunks;
    if (second && this.isOld(second)) this.trim();
    if (this.last.length === 0) this.last.beganAt = this.state.steadyAt;
  }

  /** Whether it began longer ago than things are kept, or than such a part of that. */
  private isOld(chunk: Chunk, part = 1): boolean {
    return this.state.steadyAt - chunk.beganAt >= this.retention.ageMs / part;
  }

  private get leastCapacity(): number {
    return Math.max(LEAST_EVENTS, Math.ceil(this.retention.events / CHUNKS));
  }

  /** Resolves when something was recorded, or the signal aborts. */
  private more(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.waiting.delete(done);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      this.waiting.add(done);
      signal?.addEventListener("abort", done);
    });
  }
}
