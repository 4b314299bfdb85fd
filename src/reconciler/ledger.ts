/**
 * The books of a leader: the state of the partition, and how far it has come. Decides what it is
 * given and says what must be stored, as one commit. No clock, no I/O.
 */

import { hash } from "node:crypto";
import { Changes } from "../core/changes.js";
import { type Command, type LeaderCommand, type Terms, TICK } from "../core/command.js";
import { nextDeadline } from "../core/deadlines.js";
import type { Event } from "../core/event.js";
import type { State } from "../core/state.js";
import { step } from "../core/step.js";
import { commandsOf } from "../decode.js";
import { logTimeOf } from "../log-time.js";
import type { Commit, EntryId, HistoryEntry, Loaded, ReadEntry } from "../ports.js";
import { EventTexts } from "./event-text.js";
import { messagesOf } from "./messages.js";
import { recordTexts } from "./record-texts.js";
import { Told } from "./told.js";

/** A command of the leader's own, and its log time. */
export interface OwnCommand {
  readonly at: number;
  readonly command: LeaderCommand;
}

export class Ledger {
  private readonly told: Told;
  private readonly eventTexts = new EventTexts();
  private cursor: EntryId;
  private commits: number;
  private head: string;
  private pauseMs: number;

  /** @param state that of `loaded` */
  constructor(
    loaded: Loaded,
    private readonly state: State,
    private readonly epoch: number,
  ) {
    const known = loaded.snapshot.sessions.map(({ id }) => id);
    this.told = new Told(epoch, loaded.told, known);
    this.cursor = loaded.cursor;
    this.commits = loaded.commit;
    this.head = loaded.head;
    this.pauseMs = loaded.pauseMs;
  }

  /** The last entry that was decided. */
  get decidedTo(): EntryId {
    return this.cursor;
  }

  /** Log time of the last event. */
  get at(): number {
    return this.state.at;
  }

  /** When time alone will make something happen, in log time; `Infinity` if never. */
  get deadline(): number {
    return nextDeadline(this.state) ?? Infinity;
  }

  /** Decides commands of the leader's own, then entries of the log. */
  decide(own: readonly OwnCommand[], read: readonly ReadEntry[]): Commit {
    const { cursor: from, state } = this;
    const seq = state.seq + 1;
    const commands: string[] = [];
    const events: Event[] = [];
    for (const { at, command } of own) {
      commands.push(`["${at}-0",${JSON.stringify(command)}]`);
      this.take(command, at, events);
    }
    for (const entry of read) {
      commands.push(this.takeEntry(entry, events));
      this.cursor = entry.id;
    }
    const texts = events.map((event) => this.eventTexts.of(event));
    const all = `[${texts.join()}]`;
    const messages = messagesOf(state, this.told, events, texts, all);
    return {
      number: ++this.commits,
      from,
      to: this.cursor,
      at: state.at,
      seq: state.seq,
      token: state.token,
      sweepAt: state.sweepAt < Infinity ? state.sweepAt : null,
      shiftMs: state.shiftMs,
      pausedUntil: state.pausedUntil,
      pauseMs: this.pauseMs,
      restarted: own.some(({ command }) => command.type === "restart"),
      counts: {
        semaphores: state.semaphores.size,
        acquisitions: state.acquisitions.size,
        sessions: state.sessions.size,
      },
      ...recordTexts(state, changesOf(state, events)),
      history: this.chain(seq, `[${commands.join()}]`, all),
      messages,
    };
  }

  /** Decides an entry; returns what the history says of it. */
  private takeEntry({ id, entry }: ReadEntry, events: Event[]): string {
    const at = logTimeOf(id);
    const commands = entry && commandsOf(entry);
    if (entry === undefined || commands === undefined) {
      this.take(TICK, at, events);
      return `["${id}",${JSON.stringify(TICK)}]`;
    }
    const { session, number, seen } = entry;
    this.told.seen(session, seen);
    for (const command of commands) this.take(command, at, events);
    return `["${id}",${JSON.stringify(session)},${number},${seen},${entry.commands}]`;
  }

  /** An entry may have been written before a command of the leader's own, and be decided after it. */
  private take(command: Command, at: number, events: Event[]): void {
    const logTime = Math.max(at, this.state.at);
    for (const event of step(this.state, command, logTime)) {
      events.push(event);
      if (event.type === "queued" || event.type === "reasserted") this.pauseFor(event.terms);
    }
  }

  /** Whoever holds a slot and is not heard lets go of it after this time at the latest. */
  private pauseFor({ heartbeatMaxIntervalMs = 0 }: Terms): void {
    if (heartbeatMaxIntervalMs > this.pauseMs) this.pauseMs = heartbeatMaxIntervalMs;
  }

  private chain(seq: number, commands: string, events: string): HistoryEntry {
    const text = [this.head, seq, this.epoch, commands, events].join("\n");
    this.head = hash("sha256", text);
    return { seq, commands, events, hash: this.head };
  }
}

function changesOf(state: State, events: readonly Event[]): Changes {
  const changes = new Changes();
  for (const event of events) changes.note(state, event);
  return changes;
}
