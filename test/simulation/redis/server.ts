/**
 * A simulated Redis: its data, its clock, who listens, who waits. It may stop and start again, with
 * another run id, and with what its disk still had. Everybody calls it through a connection.
 */

import { BackendUnavailableError } from "../../../src/errors.js";
import type { Commit, CommitResult, EntryId, Loaded, Term } from "../../../src/ports.js";
import type { Timeline } from "../timeline.js";
import { checkTypes } from "./checks.js";
import {
  copyOf,
  type Data,
  deleteKey,
  type KeyName,
  noData,
  replaceKey,
  type StreamEntry,
} from "./data.js";
import type { Moment } from "./moment.js";
import * as scripts from "./scripts.js";
import { Thread } from "./thread.js";

/** What a world wants to see of its server. All is called at the moment that it happens. */
export interface Observer {
  appended(entry: StreamEntry): void;
  /** For the first time; not for a repeat. */
  committed(epoch: number): void;
  trimmed(entries: readonly StreamEntry[]): void;
  claimed(epoch: number, candidate: string): void;
  /** With this data, which may be older than what was there. */
  started(): void;
}

/** Somebody's end of the server's socket. */
export interface Listener {
  hear(channel: string, text: string): void;
}

/** What the server's clock shows when the world begins. */
export const BIRTH_MS = 1_700_000_000_000;

/** Who has seen data listens here: if there is none now, it was lost. */
export const WITNESS = "witness";

const TICK: StreamEntry["fields"] = [["tick", "1"]];

export class SimulatedRedis {
  data = noData();
  isUp = true;
  /** No memory is left: only what frees some is taken. */
  isFull = false;
  /** Somebody has deleted or replaced what is ours: refusals are to be expected. */
  wasDamaged = false;
  /** How often commits were answered in which way. */
  readonly answers = { done: 0, again: 0, epoch: 0, cursor: 0 };
  /** What it does goes through here. */
  readonly thread: Thread;
  private shiftMs = 0;
  private life = 1;
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly blocked = new Set<() => void>();
  private readonly connections = new Set<() => void>();

  constructor(
    private readonly timeline: Timeline,
    private readonly observer: Observer,
  ) {
    this.thread = new Thread(timeline);
  }

  get runId(): string {
    return `run${this.life}`;
  }

  get nowMs(): number {
    return Math.floor(BIRTH_MS + this.shiftMs + this.timeline.now);
  }

  get moment(): Moment {
    return { data: this.data, nowMs: this.nowMs, runId: this.runId };
  }

  /** An operator, or NTP, sets its clock. */
  shiftClock(ms: number): void {
    this.shiftMs += ms;
  }

  /** Calls back when the server stops. Returns a function that ends that. */
  connect(onStop: () => void): () => void {
    this.connections.add(onStop);
    return () => this.connections.delete(onStop);
  }

  stop(): void {
    this.isUp = false;
    this.thread.stop();
    const connections = [...this.connections];
    this.connections.clear();
    this.listeners.clear();
    this.blocked.clear();
    for (const onStop of connections) onStop();
  }

  /** With the data as it was when this copy was made, or as it is. */
  start(data: Data = this.data): void {
    this.data = data;
    this.life++;
    this.isUp = true;
    this.observer.started();
  }

  /** Somebody deletes the stream: even its last id is forgotten. */
  deleteCommands(): void {
    this.deleteKey("commands");
  }

  deleteKey(key: KeyName): void {
    deleteKey(this.data, key);
  }

  /** Somebody puts a value of another type there. */
  replaceKey(key: KeyName): void {
    replaceKey(this.data, key);
  }

  /** `XDEL`, by somebody who should not. */
  deleteEntry(id: EntryId): void {
    this.data.commands.delete(id);
  }

  /** `FLUSHALL`: its clients live on. */
  deleteEverything(): void {
    this.data = noData();
    this.observer.started();
  }

  /** What the disk has now. */
  copy(): Data {
    return copyOf(this.data);
  }

  add(fields: StreamEntry["fields"]): EntryId {
    if (this.isFull) throw new BackendUnavailableError("OOM command not allowed.");
    checkTypes(this.data, "commands");
    return this.added(this.data.commands.add(this.nowMs, fields), fields);
  }

  /** Also when memory is full: what is due then gives some back. */
  tick(at: number | undefined): EntryId {
    const { commands } = this.data;
    checkTypes(this.data, "commands");
    const there = at === undefined ? undefined : commands.addAt(at, TICK);
    return this.added(there ?? commands.add(this.nowMs, TICK), TICK);
  }

  /** @param hasSeenData whether the claimant has; others say so by listening as witnesses. */
  claim(candidate: string, pauseMs: number, hasSeenData: boolean): scripts.ClaimReply {
    const isLost = hasSeenData || this.listeners.has(WITNESS);
    const reply = scripts.claim(this.moment, { candidate, pauseMs, isLost });
    if (reply.won) this.observer.claimed(reply.epoch, candidate);
    return reply;
  }

  resign(term: Term): void {
    const led = scripts.resign(this.moment, term.candidate, term.epoch);
    if (led) this.publish("vacant", "");
  }

  load(): Loaded {
    return scripts.load(this.moment);
  }

  commit(term: Term, commit: Commit): CommitResult {
    const before = this.data.meta;
    const result = scripts.commit(this.moment, term.epoch, commit);
    const isRepeat = result === "done" && this.data.meta === before;
    this.answers[isRepeat ? "again" : result]++;
    if (result !== "done" || isRepeat) return result;
    this.observer.committed(term.epoch);
    this.observer.trimmed(this.data.commands.trim(commit.to));
    this.tell(commit);
    return result;
  }

  subscribe(channel: string, listener: Listener): void {
    const listeners = this.listeners.get(channel) ?? new Set();
    this.listeners.set(channel, listeners.add(listener));
  }

  unsubscribe(channel: string, listener: Listener): void {
    const listeners = this.listeners.get(channel);
    listeners?.delete(listener);
    if (listeners?.size === 0) this.listeners.delete(channel);
  }

  unsubscribeAll(listener: Listener): void {
    for (const channel of [...this.listeners.keys()]) this.unsubscribe(channel, listener);
  }

  /** How many reads wait for an entry. */
  get waiting(): number {
    return this.blocked.size;
  }

  /** Calls back when an entry is added. Returns a function that ends that. */
  onAdded(wake: () => void): () => void {
    this.blocked.add(wake);
    return () => this.blocked.delete(wake);
  }

  private added(id: EntryId, fields: StreamEntry["fields"]): EntryId {
    this.observer.appended({ id, fields });
    for (const wake of [...this.blocked]) wake();
    return id;
  }

  private tell({ messages }: Commit): void {
    for (const [session, { text }] of messages) this.publish(`inbox:${session}`, text);
  }

  private publish(channel: string, text: string): void {
    for (const listener of this.listeners.get(channel) ?? []) {
      this.thread.say(() => listener.hear(channel, text));
    }
  }
}
