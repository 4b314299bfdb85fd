/**
 * What one session and a distant log have said to each other: what was asked, and what was told, which the
 * session gets exactly once and in order. It ends when the log knows the session no more.
 */

import { answeredSession, type Event, type RefusedEvent } from "../core/event.js";
import { epochOf, NO_MESSAGE, seqOf } from "../message-ids.js";
import type { Inbox, Message, MessageId, Report } from "../ports.js";
import { Outbox, type Written } from "./outbox.js";

/** So many messages may be kept for it in the log. */
const MOST_UNCONFIRMED = 64;

export interface ConversationListener {
  /** The log knows that the session lived at this local time. */
  confirmed(sentAt: number): void;
  /** What was sent at this local time was answered at this log time. */
  answered(sentAt: number, at: number): void;
  /** For good; the session may begin another one right after. */
  ended(conversation: Conversation): void;
}

export class Conversation {
  readonly outbox: Outbox;
  /** It gets what it is told, as far as nothing is lost on the way. */
  attached = false;
  /** Something was lost, or may have been. */
  reportWanted = false;
  isOver = false;
  /** The last message that it received. */
  private last: MessageId = NO_MESSAGE;
  /** `seq` of the last event that it heard of. */
  private announced = 0;
  /** How many messages it took since it said last what it has seen. */
  private unconfirmed = 0;

  constructor(
    readonly session: string,
    private readonly inbox: Inbox,
    private readonly listener: ConversationListener,
  ) {
    this.outbox = new Outbox(session);
  }

  /** Whether the message comes next. If not, it is dropped, and a report brings what it told. */
  follows({ id, after }: Message): boolean {
    const { last } = this;
    // It was received before, unless it tells another story.
    if (seqOf(id) <= seqOf(last) && epochOf(id) <= epochOf(last)) return false;
    if (after === last) return true;
    this.announced = Math.max(this.announced, seqOf(id));
    this.reportWanted = true;
    return false;
  }

  /** It has taken many messages and said nothing. */
  get isSilentListener(): boolean {
    return this.unconfirmed >= MOST_UNCONFIRMED && !this.outbox.isBehind;
  }

  /** What to write next; it says what was seen so far. */
  next(now: number): Written | undefined {
    const seen = seqOf(this.last);
    const written = this.outbox.next(seen, now);
    // One that is written again says what was seen then.
    if (written?.entry.seen === seen) this.unconfirmed = 0;
    return written;
  }

  /** Where it stands, to be compared with a report that is asked for now. */
  get progress(): Progress {
    const { last, announced } = this;
    return { applied: this.outbox.applied, last, announced };
  }

  /** Takes in the report that was asked for at this point. `true` if it told something new. */
  reported(report: Report, progress: Progress): boolean {
    if (hasForgotten(report, progress)) {
      this.forget(report.applied !== undefined);
      return false;
    }
    const isNews = this.deliver(report.messages);
    if (this.isOver) return isNews;
    // What it heard of before, the report has told, or it is lost. What came meanwhile may be missing.
    if (this.announced === progress.announced) this.reportWanted = false;
    const { applied = 0 } = report;
    this.heard(applied);
    this.outbox.confirm(applied);
    return isNews;
  }

  /** Tells the session what it has not received yet. `true` if there was something. */
  deliver(messages: readonly Message[]): boolean {
    const { last } = this;
    for (const { id, events, applied } of messages) {
      if (seqOf(id) <= seqOf(this.last)) continue;
      this.last = id;
      this.unconfirmed++;
      // Before its events, so that a holder knows how long it may hold.
      const heardAt = this.heard(applied);
      const answer = events.findLast((event) => event.number === applied && this.isAnswer(event));
      if (heardAt !== undefined && answer) this.listener.answered(heardAt, answer.at);
      for (const event of events) {
        this.tell(event);
        if (this.isOver) return true;
      }
      this.outbox.confirm(applied);
    }
    return this.last !== last;
  }

  /**
   * The session begins again under another name.
   *
   * @param isRemembered the log still knows something of it, though not all
   */
  forget(isRemembered = false): void {
    this.end();
    this.inbox.forgotten(this.outbox.unanswered(), isRemembered);
  }

  /** Nobody will ever answer what was asked. */
  break(reason: Error): void {
    this.end();
    this.inbox.broken(reason);
  }

  private end(): void {
    this.isOver = true;
    this.listener.ended(this);
  }

  private tell(event: Event): void {
    switch (event.type) {
      case "refused":
        this.refused(event.reason);
        return;
      case "swept":
        if (event.sessions.includes(this.session)) this.forget();
        return;
    }
    if (this.isAnswer(event)) this.outbox.confirm(event.number ?? 0);
    this.inbox.receive(event);
    if (event.type !== "left" || event.session !== this.session) return;
    // Somebody else said so in its place.
    if (event.by !== undefined) this.forget();
    else this.end();
  }

  private refused(reason: RefusedEvent["reason"]): void {
    switch (reason) {
      case "duplicate":
        // It was answered the first time.
        return;
      case "gap":
        // Something before it is missing; a report tells what, or that the log knows less than it did.
        this.reportWanted = true;
        return;
      case "stranger":
        this.forget();
    }
  }

  /** The log has applied what was asked up to this number, and so has heard the session. */
  private heard(applied: number): number | undefined {
    const heardAt = this.outbox.heardBy(applied);
    if (heardAt !== undefined) this.listener.confirmed(heardAt);
    return heardAt;
  }

  private isAnswer(event: Event): boolean {
    return answeredSession(event) === this.session;
  }
}

/** How far a conversation has come. */
export interface Progress {
  readonly applied: number;
  readonly last: MessageId;
  readonly announced: number;
}

/**
 * The log has forgotten the session, or its last moments, or what it told last: it knows less than the session
 * was told before it asked, or another story.
 */
function hasForgotten({ applied, messages }: Report, progress: Progress): boolean {
  if ((applied ?? 0) < progress.applied) return true;
  const [first] = messages;
  // Whoever is known was told something, and the newest message is always kept.
  if (first === undefined) return applied !== undefined;
  return first.after !== progress.last && messages.every(({ id }) => id !== progress.last);
}
