/**
 * The books of a leader: the state of the partition, and how far it has come. Decides what it is
 * given and says what must be stored, as one commit. No clock, no I/O.
 */

import { createHash, hash } from "node:crypto";
import { Changes } from "../core/changes.js";
import { type Command, type LeaderCommand, type Terms, TICK } from "../core/command.js";
import { nextDeadline } from "../core/deadlines.js";
import type { Event } from "../core/event.js";
import type { State } from "../core/state.js";
import { step } from "../core/step.js";
import { commandsOf } from "../decode.js";
import { logTimeOf } from "../log-time.js";
import type { ChangedTexts, Commit, EntryId, HistoryEntry, Loaded, ReadEntry } from "../ports.js";
import { Checkpoints, DEFAULT_RETENTION } from "./checkpoints.js";
import { EventTexts } from "./event-text.js";
import { messagesOf } from "./messages.js";
import { recordTexts } from "./record-texts.js";
import { stateTexts } from "./state-text.js";
import { Told } from "./told.js";

/** A command of the leader's own, and its log time. */
export interface OwnCommand {
  readonly at: number;
  readonly command: LeaderCommand;
}

/** A commit as far as it does not follow from where the ledger stands. */
type Draft = Pick<
  Commit,
  "from" | "restarted" | "semaphores" | "acquisitions" | "sessions" | "messages"
>;

/** What is larger might keep a leader busy, or its commits on their way, for as long as its lease lasts. */
const LARGEST_STATE_CHARS = 32 * 1024 * 1024;

const NOTHING: ChangedTexts = new Map();
/** A list of no commands, or of no events. */
const NONE = "[]";

export class Ledger {
  /** How many commands it has decided. */
  decided = 0;
  private readonly told: Told;
  private readonly checkpoints: Checkpoints;
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
    retention = DEFAULT_RETENTION,
  ) {
    const known = loaded.snapshot.sessions.map(({ id }) => id);
    this.told = new Told(epoch, loaded.told, known);
    this.checkpoints = new Checkpoints(retention, loaded);
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
    const draft = {
      from,
      restarted: own.some(({ command }) => command.type === "restart"),
      ...recordTexts(state, changesOf(state, events)),
      messages,
    };
    return this.commit(draft, this.chain(seq, `[${commands.join()}]`, all));
  }

  /** Whether the next commit shall be a checkpoint. */
  get isCheckpointDue(): boolean {
    return this.checkpoints.isDue(this.state);
  }

  /**
   * A commit that decides nothing, and writes into the history what the state is; nothing if that is too large. Made in
   * steps of some milliseconds; nothing may be decided meanwhile.
   */
  *checkpoint(): Generator<void, Commit | undefined, void> {
    const { head: previous, epoch } = this;
    const seq = this.state.seq + 1;
    const sum = createHash("sha256").update(linesOf(previous, seq, epoch, NONE, NONE));
    sum.update("\n");
    const texts: string[] = [];
    let size = 0;
    for (const text of stateTexts(this.state)) {
      sum.update(text);
      texts.push(text);
      size += text.length;
      if (size > LARGEST_STATE_CHARS) {
        this.checkpoints.postpone(size);
        return undefined;
      }
      yield;
    }
    const state = texts.join("");
    this.head = sum.digest("hex");
    const entry = { seq, commands: NONE, events: NONE, previous, state, hash: this.head };
    const draft = { from: this.cursor, restarted: false, messages: new Map() };
    const unchanged = { semaphores: NOTHING, acquisitions: NOTHING, sessions: NOTHING };
    return this.commit({ ...draft, ...unchanged }, entry);
  }

  private commit(draft: Draft, history: HistoryEntry): Commit {
    const { state } = this;
    const number = ++this.commits;
    return {
      ...draft,
      number,
      to: this.cursor,
      at: state.at,
      seq: state.seq,
      token: state.token,
      sweepAt: state.sweepAt < Infinity ? state.sweepAt : null,
      shiftMs: state.shiftMs,
      pausedUntil: state.pausedUntil,
      pauseMs: this.pauseMs,
      counts: {
        semaphores: state.semaphores.size,
        acquisitions: state.acquisitions.size,
        sessions: state.sessions.size,
      },
      history,
      ...this.checkpoints.take(history, number, state),
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
    this.decided++;
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
    this.head = hash("sha256", linesOf(this.head, seq, this.epoch, commands, events));
    return { seq, commands, events, hash: this.head };
  }
}

/** What the hash of an entry is over; in a checkpoint, the state is another line. */
function linesOf(head: string, seq: number, epoch: number, commands: string, events: string) {
  return [head, seq, epoch, commands, events].join("\n");
}

function changesOf(state: State, events: readonly Event[]): Changes {
  const changes = new Changes();
  for (const event of events) changes.note(state, event);
  return changes;
}
