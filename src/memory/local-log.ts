/**
 * The log of memory mode: takes commands, decides them at once, records what was decided, tells the
 * sessions. Synchronous, no promises inside. Commands that a listener gives while a step is told
 * are queued; the outermost call drains them.
 */

import { type Command, type SessionCommand, TICK } from "../core/command.js";
import { nextDeadline } from "../core/deadlines.js";
import type { Event } from "../core/event.js";
import { List, ListNode } from "../core/list.js";
import { Records } from "../core/records.js";
import { State } from "../core/state.js";
import { step } from "../core/step.js";
import {
  type Holder,
  holdersOf,
  isLocked,
  type SemaphoreStats,
  type StatsQuery,
  statsOf,
  type Waiter,
  waitersOf,
} from "../core/views.js";
import { LazyAlarm } from "../lazy-alarm.js";
import type {
  Clock,
  CommandLog,
  EventQuery,
  History,
  HistoryHead,
  HistoryRange,
  Inbox,
  Retention,
  StoredEntry,
  Views,
} from "../ports.js";
import { LocalHistory } from "./local-history.js";

export class LocalLog implements CommandLog, Views, History {
  private readonly state = new State();
  private readonly history: LocalHistory;
  private readonly inboxes = new Records<Inbox>();
  private readonly pending = new List<SessionCommand>();
  private draining = false;
  private readonly alarm: LazyAlarm;

  /** @param retention how much of the history is kept */
  constructor(
    private readonly clock: Clock,
    retention: Retention,
  ) {
    this.history = new LocalHistory(this.state, retention);
    this.alarm = new LazyAlarm(clock, () => {
      this.catchUp();
      this.schedule();
    });
  }

  join(session: string, inbox: Inbox): void {
    this.inboxes.add(session, inbox);
  }

  append(command: SessionCommand): void {
    if (this.draining) this.pending.push(new ListNode(command));
    else this.drain(command);
  }

  async stats(query: StatsQuery): Promise<[string, SemaphoreStats][]> {
    this.catchUp();
    return statsOf(this.state, query);
  }

  async locked(semaphore: string): Promise<boolean> {
    this.catchUp();
    return isLocked(this.state, semaphore);
  }

  async holders(semaphore: string): Promise<Holder[]> {
    this.catchUp();
    return holdersOf(this.state, semaphore);
  }

  async waiters(semaphore: string): Promise<Waiter[]> {
    this.catchUp();
    return waitersOf(this.state, semaphore);
  }

  async *events(query: EventQuery): AsyncGenerator<Event> {
    this.catchUp();
    yield* this.history.events(query);
  }

  async *entries(range?: HistoryRange): AsyncGenerator<StoredEntry> {
    this.catchUp();
    yield* this.history.entries(range);
  }

  async head(): Promise<HistoryHead> {
    this.catchUp();
    return this.history.head();
  }

  async now(): Promise<number> {
    return this.logTime;
  }

  /** What is due may not have been noticed yet, when the event loop was busy. */
  private catchUp(): void {
    const due = nextDeadline(this.state);
    if (due !== undefined && due <= this.clock.now() && !this.draining) this.drain(TICK);
  }

  private drain(first: Command): void {
    this.draining = true;
    try {
      this.run(first);
      for (let next = this.pending.head; next; next = this.pending.head) {
        next.remove();
        this.run(next.value);
      }
    } finally {
      this.draining = false;
      this.schedule();
    }
  }

  private run(command: Command): void {
    const events = step(this.state, command, this.logTime);
    if (events.length > 0) this.history.record(command, events);
    for (const event of events) {
      if (event.type === "swept") for (const session of event.sessions) this.forget(session);
    }
    for (const event of events) this.tell(event);
  }

  private get logTime(): number {
    return Math.max(this.clock.now(), this.state.at);
  }

  private tell(event: Event): void {
    if (event.session !== undefined) this.inboxes.get(event.session)?.receive(event);
    if (event.by !== undefined) this.inboxes.get(event.by)?.receive(event);
    if (event.type === "refused" && event.reason === "stranger") this.inboxes.delete(event.session);
  }

  private forget(session: string): void {
    const inbox = this.inboxes.get(session);
    this.inboxes.delete(session);
    const unanswered: SessionCommand[] = [];
    let node = this.pending.head;
    while (node) {
      const { value: command, next } = node;
      if (command.session === session) {
        node.remove();
        unanswered.push(command);
      }
      node = next;
    }
    inbox?.forgotten(unanswered, false);
  }

  /**
   * Lets the alarm ring in time. The process stays alive for it while somebody waits and a TTL or a
   * timeout is to come; not for heartbeats, since who could fall silent here keeps it alive himself.
   */
  private schedule(): void {
    const { waiting, deadlines } = this.state;
    this.alarm.keepAlive(waiting > 0 && deadlines.size > 0);
    this.alarm.noLaterThan(nextDeadline(this.state) ?? Infinity);
  }
}
