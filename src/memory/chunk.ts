/**
 * A piece of the history of memory mode. It keeps what was decided as it was, and no more objects than it must, since
 * nobody may ever ask; texts and hashes are made when somebody reads. Its first entry is a checkpoint, unless nothing ever
 * stood before it.
 */

import { assertDefined } from "../core/assert.js";
import type { Command } from "../core/command.js";
import type { Event } from "../core/event.js";
import type { Snapshot } from "../core/snapshot.js";
import { hashOf } from "../history/entry.js";
import type { StoredEntry } from "../ports.js";
import { CommandTexts } from "../session/command-text.js";

const texts = new CommandTexts();

export class Chunk {
  /** The one that continues it. */
  next: Chunk | undefined = undefined;
  /** Steady time of its first entry, where somebody notes it. */
  beganAt = Infinity;
  private readonly all: Event[] = [];
  /** By entry: where its events begin. */
  private readonly starts: number[] = [];
  /** By entry: its command, unless its first event tells all of it. */
  private readonly commands: (Command | undefined)[] = [];
  /** Those that were asked for, and all before them. */
  private readonly hashes: string[] = [];
  private hashBefore: string | undefined = undefined;

  /**
   * @param state after its first entry; `undefined` for the first chunk of all
   * @param before the one that it continues, as long as that is kept
   */
  constructor(
    readonly state?: Snapshot,
    private before?: Chunk,
  ) {}

  /** How many entries it has. */
  get length(): number {
    return this.starts.length;
  }

  /** How many events it has. */
  get size(): number {
    return this.all.length;
  }

  /** @param events what followed from the command: not nothing */
  add(command: Command, events: readonly Event[]): void {
    this.commands.push(isToldBy(events[0], command) ? undefined : command);
    this.starts.push(this.all.length);
    for (const event of events) this.all.push(event);
  }

  /** What stands before it is no longer kept. Its hashes stay the same, as far as anybody can have seen one. */
  detach(): void {
    const { before } = this;
    if (before && before.hashes.length === before.length) this.hashBefore ??= before.lastHash;
    this.before = undefined;
  }

  /** Whoever reads more slowly than chunks go still has the one before it. */
  recall(before: Chunk): void {
    if (this.before === undefined) this.hashBefore ??= before.lastHash;
  }

  /** The events of an entry. */
  events(index: number): readonly Event[] {
    return this.all.slice(this.starts[index], this.starts[index + 1]);
  }

  /** `seq` of the first event of an entry; `Infinity` where there is none. */
  seq(index: number): number {
    return this.all[this.starts[index] ?? Infinity]?.seq ?? Infinity;
  }

  /** Index of the entry that has this event, if any has. */
  indexOf(seq: number): number {
    let [low, high] = [0, this.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.seq(middle) <= seq) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  entry(index: number): StoredEntry {
    const events = this.events(index);
    const command = this.commands[index] ?? toldBy(events[0]);
    return new LocalEntry(
      this,
      index,
      assertDefined(command, "an entry without a command"),
      events,
    );
  }

  hash(index: number): string {
    for (let next = this.hashes.length; next <= index; next++) {
      const before = next === 0 ? this.previous : this.hashes[next - 1];
      this.hashes.push(hashOf(before ?? "", this.entry(next)));
    }
    return assertDefined(this.hashes[index], "an entry without a hash");
  }

  /** Hash of the entry before its first one; empty if nobody knows. */
  get previous(): string {
    this.hashBefore ??= this.before?.lastHash ?? "";
    return this.hashBefore;
  }

  private get lastHash(): string {
    return this.hash(this.length - 1);
  }
}

/** Every property is made anew whenever it is read: most readers need only some. */
class LocalEntry implements StoredEntry {
  readonly epoch = 0;

  constructor(
    private readonly chunk: Chunk,
    private readonly index: number,
    private readonly command: Command,
    private readonly list: readonly Event[],
  ) {}

  get seq(): number {
    return this.chunk.seq(this.index);
  }

  get commands(): string {
    const { command } = this;
    const id = `"${this.list[0]?.at ?? 0}-0"`;
    if (!("session" in command)) return `[[${id},${JSON.stringify(command)}]]`;
    const { session, number } = command;
    return `[[${id},${JSON.stringify(session)},${number},0,[${texts.of(command)}]]]`;
  }

  get events(): string {
    return `[${this.list.map((event) => JSON.stringify(event)).join()}]`;
  }

  get previous(): string | undefined {
    return this.isCheckpoint ? this.chunk.previous : undefined;
  }

  get state(): string | undefined {
    return this.isCheckpoint ? JSON.stringify(this.chunk.state) : undefined;
  }

  get hash(): string {
    return this.chunk.hash(this.index);
  }

  private get isCheckpoint(): boolean {
    return this.index === 0 && this.chunk.state !== undefined;
  }
}

/** Whether the first event that followed from a command tells all of it, as with nearly all commands. */
function isToldBy(first: Event | undefined, { type }: Command): boolean {
  if (type === "acquire") return first?.type === "queued";
  return type === "release" && first?.type === "released" && first.number !== undefined;
}

/** The command that such an event follows from. */
function toldBy(event: Event | undefined): Command | undefined {
  if (event?.type === "queued") {
    const { session, number, semaphore, acquisition, value, terms } = event;
    return { type: "acquire", session, number, semaphore, acquisition, value, terms };
  }
  if (event?.type !== "released" || event.number === undefined) return undefined;
  const { acquisition, number, session, by = session } = event;
  return { type: "release", session: by, number, acquisition };
}
