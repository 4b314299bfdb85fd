/**
 * A log elsewhere, for tests of the client's side: decides with the real core, and fails as it is
 * told to. Nothing waits for real time.
 */

import type { Command } from "../../src/core/command.js";
import type { Event } from "../../src/core/event.js";
import { restore, type Snapshot, snapshot } from "../../src/core/snapshot.js";
import { State } from "../../src/core/state.js";
import { step } from "../../src/core/step.js";
import { commandsOf } from "../../src/decode.js";
import { BackendUnavailableError } from "../../src/errors.js";
import type {
  Clock,
  Entry,
  EntryId,
  Message,
  Report,
  Uplink,
  UplinkListener,
} from "../../src/ports.js";
import { messagesOf } from "../../src/reconciler/messages.js";
import { Told } from "../../src/reconciler/told.js";
import { type Kept, keptAfter, loadedOf } from "../support/kept.js";

/** What a call comes to: it happens; it is not heard of again; it happens, and nobody hears so. */
export type Fate = "happens" | "is refused" | "is lost" | "loses its reply";

interface Pending {
  readonly id: EntryId;
  readonly entry: Entry;
}

/** What its disk had at some moment. */
export interface Saved {
  readonly snapshot: Snapshot;
  readonly kept: ReadonlyMap<string, Kept>;
}

export class FakeServer implements Uplink {
  /** How far its clock is ahead of ours. */
  aheadMs: number;
  /** Whether somebody leads, and so decides. */
  leads = true;
  /** Whether its messages arrive. */
  speaks = true;
  /** What the next appends come to; then all happen. */
  fates: Fate[] = [];
  /** Why calls fail that are refused. */
  refusal: Error = new BackendUnavailableError("OOM: used memory is above maxmemory.");
  /** Every entry that was written, also in vain. */
  readonly written: Entry[] = [];
  readonly events: Event[] = [];
  readonly subscribed = new Set<string>();
  reports = 0;
  /** What was published and has not arrived, while messages are kept back. */
  keptBack: [session: string, message: Message][] | undefined = undefined;
  private state = new State();
  private epoch = 1;
  private told = new Told(1, new Map(), []);
  /** Per session: the messages that it may not have seen. */
  private kept = new Map<string, Kept>();
  private stream: Pending[] = [];
  private lastId: [ms: number, n: number] = [0, 0];
  private listener: UplinkListener | undefined = undefined;
  private isUp = false;
  private cut: ((reason: Error) => void)[] = [];

  constructor(
    private readonly clock: Clock,
    { aheadMs = 1_700_000_000_000 } = {},
  ) {
    this.aheadMs = aheadMs;
  }

  open(listener: UplinkListener): void {
    this.listener = listener;
  }

  up(): void {
    this.isUp = true;
    this.listener?.up();
  }

  down(reason: Error = new BackendUnavailableError("the connection broke.")): void {
    this.isUp = false;
    this.subscribed.clear();
    this.listener?.down(reason);
    for (const cut of this.cut.splice(0)) cut(reason);
  }

  append(entry: Entry): Promise<EntryId> {
    if (!this.isUp) return Promise.reject(new BackendUnavailableError("not connected."));
    this.written.push(entry);
    switch (this.fates.shift() ?? "happens") {
      case "happens":
        return Promise.resolve(this.add(entry));
      case "is refused":
        return Promise.reject(this.refusal);
      case "is lost":
        return this.never();
      case "loses its reply":
        this.add(entry);
        return this.never();
    }
  }

  async subscribe(session: string): Promise<void> {
    if (!this.isUp) throw new BackendUnavailableError("not connected.");
    this.subscribed.add(session);
  }

  unsubscribe(session: string): void {
    this.subscribed.delete(session);
  }

  async report(session: string, written: readonly EntryId[]): Promise<Report> {
    if (!this.isUp) throw new BackendUnavailableError("not connected.");
    this.reports++;
    const there = new Set(this.stream.map(({ id }) => id));
    return {
      at: Math.max(this.now, this.state.at),
      applied: this.state.sessions.get(session)?.applied,
      messages: [...(this.kept.get(session)?.values() ?? [])].map((text) => JSON.parse(text)),
      pending: written.filter((id) => there.has(id)),
      ledForMs: this.leads ? 500 : 0,
    };
  }

  /** Puts an entry into the log, from whatever connection. */
  add(entry: Entry): EntryId {
    const [ms, n] = this.lastId;
    this.lastId = this.now > ms ? [this.now, 0] : [ms, n + 1];
    const id = this.lastId.join("-");
    this.stream.push({ id, entry });
    this.decide();
    return id;
  }

  /** Decides what is pending, if somebody leads, and what time brings. */
  decide(): void {
    if (!this.leads) return;
    const entries = this.stream;
    this.stream = [];
    for (const { id, entry } of entries) {
      this.told.seen(entry.session, entry.seen);
      this.commit(commandsOf(entry) ?? [], Number.parseInt(id, 10));
    }
    this.commit([{ type: "tick" }], this.now);
  }

  /** Its clock jumps, and the leader notices. */
  jump(byMs: number): void {
    this.aheadMs += byMs;
    this.commit([{ type: "rebase", byMs }], this.now);
  }

  /** Somebody deletes the stream. */
  deleteStream(): void {
    this.stream = [];
  }

  save(): Saved {
    const { sessions } = this.state;
    const kept = new Map([...this.kept].filter(([session]) => sessions.get(session)));
    return { snapshot: structuredClone(snapshot(this.state)), kept };
  }

  /** It was started again, and everything since has been lost. What is decided anew comes before anybody connects. */
  restart(saved: Saved, decideAnew = () => {}, pauseMs = 1_000): void {
    this.down();
    this.rewind(saved, pauseMs);
    decideAnew();
    this.up();
  }

  /** What it has is put back as it was, or deleted, and nobody loses his connection. */
  rewind(saved: Saved, pauseMs = 1_000): void {
    this.state = restore(saved.snapshot);
    const known = saved.snapshot.sessions.map(({ id }) => id);
    this.told = new Told(++this.epoch, loadedOf(saved.kept), known);
    this.kept = new Map(saved.kept);
    this.stream = [];
    this.lastId = [0, 0];
    this.commit([{ type: "restart", pauseMs }], this.now);
  }

  /** Somebody else's commands. */
  other(...commands: readonly object[]): void {
    this.add({
      session: `${this.now}-other${this.written.length}x${this.events.length}`,
      number: 1,
      seen: 0,
      commands: JSON.stringify(commands),
    });
  }

  /** The messages that were kept back arrive, in this order. */
  release(order: (kept: [string, Message][]) => [string, Message][] = (kept) => kept): void {
    const kept = this.keptBack ?? [];
    this.keptBack = undefined;
    for (const [session, message] of order(kept)) this.listener?.receive(session, message);
  }

  private get now(): number {
    return this.clock.now() + this.aheadMs;
  }

  private commit(commands: readonly Command[], at: number): void {
    const events = commands.flatMap((command) =>
      step(this.state, command, Math.max(at, this.state.at)),
    );
    if (events.length === 0) return;
    this.events.push(...events);
    const texts = events.map((event) => JSON.stringify(event));
    const all = `[${texts.join()}]`;
    for (const [session, outgoing] of messagesOf(this.state, this.told, events, texts, all)) {
      this.kept.set(session, keptAfter(this.kept.get(session), outgoing) ?? new Map());
      const message: Message = JSON.parse(outgoing.text);
      if (this.keptBack) this.keptBack.push([session, message]);
      else if (this.speaks && this.subscribed.has(session)) this.say(session, message);
    }
  }

  /** Later than the call that caused it, as over a network. */
  private say(session: string, message: Message): void {
    Promise.resolve().then(() => this.listener?.receive(session, message));
  }

  private never(): Promise<EntryId> {
    return new Promise((_resolve, reject) => {
      this.cut.push(reject);
    });
  }
}
