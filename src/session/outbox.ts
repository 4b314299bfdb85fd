/**
 * What a session asked and the log has not applied yet: first loose commands, then entries, whose
 * bytes are fixed when they are first written. Numbers without gaps make writing twice harmless.
 */

import type { SessionCommand } from "../core/command.js";
import type { Entry, EntryId } from "../ports.js";
import { CommandTexts } from "./command-text.js";

/** What one entry may hold: it is decided as a whole, while the next one is on its way. */
const MAX_COMMANDS = 256;
const MAX_CHARACTERS = 32 * 1024;
/** So many entries may be written and not applied; the rest stays here, where it costs nobody else anything. */
const MAX_UNAPPLIED = 256;

/** An entry that may be in the log. */
export interface Written {
  readonly entry: Entry;
  readonly commands: readonly SessionCommand[];
  /** Number of its last command. */
  readonly last: number;
  /** When it was first sent, in local time. */
  readonly sentAt: number;
  /** Where it stands in the log, as far as is known; more than once where a reply was lost. */
  ids: readonly EntryId[];
  /** How often it was sent. */
  attempts: number;
}

export class Outbox {
  /** Number of the last command that the log has applied. */
  applied = 0;
  private loose: SessionCommand[] = [];
  /** How many of the loose commands went into entries; they are cut off now and then. */
  private taken = 0;
  private readonly written: Written[] = [];
  private readonly texts = new CommandTexts();
  /** So many of these, from the front, are known to be in the log. The others must be written (again). */
  private stored = 0;

  constructor(private readonly session: string) {}

  add(command: SessionCommand): void {
    this.loose.push(command);
  }

  /** Nothing was ever written: nobody knows of the session. */
  get isFresh(): boolean {
    return this.applied === 0 && this.written.length === 0;
  }

  /** Something is not known to be in the log. */
  get isBehind(): boolean {
    return this.taken < this.loose.length || this.stored < this.written.length;
  }

  /** The oldest entry that may be in the log and is not known as applied. */
  get oldest(): Written | undefined {
    return this.written[0];
  }

  /** What must be written next, in order. A new entry says that events up to `seen` were received. */
  next(seen: number, now: number): Written | undefined {
    if (this.stored < this.written.length) return this.written[this.stored];
    if (this.taken === this.loose.length || this.written.length === MAX_UNAPPLIED) return undefined;
    const written = this.gather(seen, now);
    this.written.push(written);
    return written;
  }

  /** The entry is in the log, there. */
  store(written: Written, id: EntryId): void {
    written.ids = [...written.ids, id];
    if (this.written[this.stored] === written) this.stored++;
  }

  /** When the log heard the session, if it has applied the commands up to this number. */
  heardBy(applied: number): number | undefined {
    // Where an entry was written twice, the first counted; the other was a duplicate.
    let heardAt: number | undefined;
    for (const { last, sentAt } of this.written) {
      if (last > applied) break;
      heardAt = sentAt;
    }
    return heardAt;
  }

  /** The log has applied the commands up to this number. */
  confirm(applied: number): void {
    if (applied <= this.applied) return;
    this.applied = applied;
    let done = 0;
    for (const { last } of this.written) {
      if (last > applied) break;
      done++;
    }
    if (done === 0) return;
    this.written.splice(0, done);
    this.stored = Math.max(0, this.stored - done);
  }

  /** Where in the log to look for what is not known as applied. */
  ids(): EntryId[] {
    return this.written.flatMap(({ ids }) => ids);
  }

  /** Of the entries that may be in the log, only these are. What stands there behind a missing one leaves a gap, and is refused. */
  found(pending: readonly EntryId[]): void {
    const found = new Set(pending);
    for (const written of this.written) written.ids = written.ids.filter((id) => found.has(id));
    const missing = this.written.findIndex(({ ids }) => ids.length === 0);
    this.stored = missing < 0 ? this.written.length : missing;
  }

  /** All that is not known as applied, in order. */
  unanswered(): SessionCommand[] {
    const commands = this.written.flatMap((written) => written.commands);
    return [...commands.filter(({ number }) => number > this.applied), ...this.rest()];
  }

  private rest(): SessionCommand[] {
    return this.loose.slice(this.taken);
  }

  /** As many of the loose commands as an entry may hold, at least one. */
  private gather(seen: number, sentAt: number): Written {
    const commands: SessionCommand[] = [];
    const texts: string[] = [];
    let characters = 0;
    for (const command of this.loose.slice(this.taken, this.taken + MAX_COMMANDS)) {
      const text = this.texts.of(command);
      characters += text.length;
      if (commands.length > 0 && characters > MAX_CHARACTERS) break;
      commands.push(command);
      texts.push(text);
    }
    this.take(commands.length);
    const { session } = this;
    const number = commands[0]?.number ?? 0;
    return {
      entry: { session, number, seen, commands: `[${texts.join()}]` },
      commands,
      last: number + commands.length - 1,
      sentAt,
      ids: [],
      attempts: 0,
    };
  }

  /** Cuts off what is taken only when it is most of it, so that a long queue is not copied for each entry. */
  private take(count: number): void {
    this.taken += count;
    if (this.taken < this.loose.length / 2) return;
    this.loose = this.rest();
    this.taken = 0;
  }
}
