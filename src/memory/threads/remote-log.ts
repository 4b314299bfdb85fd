/**
 * The log as a worker thread sees it: what is appended or asked goes to the main thread, which
 * decides. It connects at its first use, and again after it failed.
 */

import type { SessionCommand } from "../../core/command.js";
import { answeredSession, type Event } from "../../core/event.js";
import type { Holder, SemaphoreStats, StatsQuery, Waiter } from "../../core/views.js";
import type {
  CommandLog,
  EventQuery,
  History,
  HistoryHead,
  HistoryRange,
  Inbox,
  StoredEntry,
  Views,
} from "../../ports.js";
import { rest } from "../../rest.js";
import { type Greet, Line, type LineUser } from "./line.js";
import type { Question, ToMainThread, ToWorker, View } from "./protocol.js";
import type { RemoteClock, TimeReference } from "./remote-clock.js";

/** How soon a live reader of the history asks again. */
const LOOK_MS = 100;

/** A session of this thread. */
interface Joined {
  readonly inbox: Inbox;
  /** What it asked and was not answered, by number. */
  readonly unanswered: Map<number, SessionCommand>;
}

interface Asked {
  readonly question: Question;
  resolve(result: unknown): void;
  reject(reason: unknown): void;
}

export class RemoteLog implements CommandLog, Views, History, LineUser {
  private line: Line | undefined = undefined;
  private readonly sessions = new Map<string, Joined>();
  private readonly asked = new Map<number, Asked>();
  private questions = 0;
  /** What the thread stays alive for: unanswered commands, waiting acquisitions (by id), questions (by id). */
  private readonly awaited = new Set<SessionCommand | string | number>();

  /** @param clock is aligned with the main thread's when the line is open. */
  constructor(
    private readonly greet: Greet,
    private readonly clock: RemoteClock,
  ) {}

  join(session: string, inbox: Inbox): void {
    this.sessions.set(session, { inbox, unanswered: new Map() });
  }

  append(command: SessionCommand): void {
    this.sessions.get(command.session)?.unanswered.set(command.number, command);
    this.awaited.add(command);
    this.send(command);
  }

  stats(query: StatsQuery): Promise<[string, SemaphoreStats][]> {
    return this.ask({ name: "stats", query });
  }

  locked(semaphore: string): Promise<boolean> {
    return this.ask({ name: "locked", semaphore });
  }

  holders(semaphore: string): Promise<Holder[]> {
    return this.ask({ name: "holders", semaphore });
  }

  waiters(semaphore: string): Promise<Waiter[]> {
    return this.ask({ name: "waiters", semaphore });
  }

  async *events(query: EventQuery): AsyncGenerator<Event> {
    yield* await this.ask<Event[]>({ name: "events", query });
  }

  async *entries(range: HistoryRange = {}): AsyncGenerator<StoredEntry> {
    const { from, reverse, live, signal } = range;
    let told = -1;
    for (let next = from; !signal?.aborted; next = Math.max(told + 1, from ?? 1)) {
      const entries = await this.ask<StoredEntry[]>({
        name: "entries",
        range: { from: next, reverse },
      });
      for (const entry of entries) {
        if (signal?.aborted) return;
        if (live && entry.seq <= told) continue;
        told = entry.seq;
        yield entry;
      }
      if (!live) return;
      await rest(this.clock, LOOK_MS, signal, false);
    }
  }

  head(): Promise<HistoryHead> {
    return this.ask({ name: "head" });
  }

  async now(): Promise<number> {
    return this.clock.now();
  }

  /** Sends what was held back. Sessions take new names, since theirs begin with a birth by this thread's clock. */
  connected(reference: TimeReference): void {
    this.clock.align(reference);
    const asked = [...this.asked.values()];
    const isHead = ({ question: { view } }: Asked) => view.name === "head";
    // Who watches from now on must not miss what was asked since.
    for (const one of asked.filter(isHead)) this.put(one);
    for (const session of [...this.sessions.keys()]) this.forget(session);
    for (const one of asked.filter((other) => !isHead(other))) this.put(one);
    this.stayAlive();
  }

  receive(message: ToWorker): void {
    switch (message.type) {
      case "welcome":
      case "mismatch":
        return;
      case "forgotten":
        this.forget(message.session);
        break;
      case "answer":
        this.answered(message.id)?.resolve(message.result);
        break;
      case "failure":
        this.answered(message.id)?.reject(message.reason);
        break;
      default:
        this.learn(message);
        this.tell(message);
    }
    this.stayAlive();
  }

  broken(reason: Error): void {
    const inboxes = [...this.sessions.values()].map(({ inbox }) => inbox);
    const asked = [...this.asked.values()];
    this.line = undefined;
    this.sessions.clear();
    this.asked.clear();
    this.awaited.clear();
    for (const inbox of inboxes) inbox.broken(reason);
    for (const { reject } of asked) reject(reason);
  }

  private ask<T>(view: View): Promise<T> {
    const question: Question = { type: "question", id: ++this.questions, view };
    return new Promise<T>((resolve, reject) => {
      const asked = { question, resolve, reject };
      this.asked.set(question.id, asked);
      this.awaited.add(question.id);
      this.put(asked);
    });
  }

  /** A question may hold what cannot be sent to another thread; then it fails alone. */
  private put({ question, reject }: Asked): void {
    try {
      this.send(question);
    } catch (error) {
      this.answered(question.id);
      reject(error);
    }
  }

  private answered(id: number): Asked | undefined {
    const asked = this.asked.get(id);
    this.asked.delete(id);
    this.awaited.delete(id);
    return asked;
  }

  /** At once where there is a line; else it is kept, as unanswered, until there is one. */
  private send(message: ToMainThread): void {
    this.line ??= new Line(this.greet, this);
    if (this.line.isOpen) this.line.send(message);
    this.stayAlive();
  }

  private stayAlive(): void {
    this.line?.keepAlive(this.awaited.size > 0);
  }

  /** The session asks again, under a new name, what was not answered; what still comes for the old one is dropped. */
  private forget(session: string): void {
    const joined = this.sessions.get(session);
    if (joined === undefined) return;
    const unanswered = [...joined.unanswered.values()];
    this.sessions.delete(session);
    for (const command of unanswered) this.awaited.delete(command);
    joined.inbox.forgotten(unanswered, false);
  }

  /** What the event settles, and what must be awaited from now on. */
  private learn(event: Event): void {
    const unanswered = this.sessions.get(answeredSession(event) ?? "")?.unanswered;
    const command = unanswered?.get(event.number ?? 0);
    if (command) {
      unanswered?.delete(command.number);
      this.awaited.delete(command);
    }
    if (event.type === "queued") this.awaited.add(event.acquisition);
    if (event.type === "granted" || event.type === "abandoned") {
      this.awaited.delete(event.acquisition);
    }
  }

  private tell(event: Event): void {
    if (event.session !== undefined) this.sessions.get(event.session)?.inbox.receive(event);
    if (event.by !== undefined) this.sessions.get(event.by)?.inbox.receive(event);
    if (event.type === "left") this.sessions.delete(event.session);
  }
}
