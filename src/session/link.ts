/**
 * The log of a session whose commands are decided elsewhere. Brings what is asked there at least once
 * and in order, and what is told back exactly once and in order, whatever is lost on the way.
 */

import type { SessionCommand } from "../core/command.js";
import { answeredSession, type Event, type RefusedEvent } from "../core/event.js";
import { LogClock } from "../core/log-clock.js";
import { BackendUnavailableError } from "../errors.js";
import type {
  Clock,
  CommandLog,
  Inbox,
  Message,
  Report,
  Uplink,
  UplinkListener,
} from "../ports.js";
import { Conversation, hasForgotten } from "./conversation.js";
import type { Attendant, Distant } from "./distant.js";
import type { Written } from "./outbox.js";
import { Patience } from "./patience.js";

/** A session that nobody knows yet must not be older, in milliseconds, when it is first heard. */
const YOUNG_MS = 50_000;
/** For so long a look at the log's clock is good enough to name a session by. */
const FRESH_MS = 10_000;

export interface LinkOptions {
  readonly uplink: Uplink;
  readonly clock: Clock;
  /** How long a question may stay unanswered, in milliseconds. */
  readonly responseTimeoutMs: number;
  /** Nobody leads, or something is not answered in time: whoever can lead should try. */
  readonly onUnanswered?: ((report: Report) => void) | undefined;
  /** Whether somebody waits, so that the process must not end. */
  readonly onKeepAlive?: ((wanted: boolean) => void) | undefined;
  /** The log can be reached (again), or why it cannot. */
  readonly onReach?: ((failure: Error | undefined) => void) | undefined;
}

export class Link implements CommandLog, UplinkListener, Distant {
  readonly logClock = new LogClock();
  readonly responseTimeoutMs: number;
  /** Why nobody decides, as far as this process knows by having tried; until something is decided. */
  leadFailure: Error | undefined = undefined;
  private failure: Error | undefined = undefined;
  private conversation: Conversation | undefined = undefined;
  private attendant: Attendant | undefined = undefined;
  private connected = false;
  /** Counts connections, so that what belongs to an older one is dropped. */
  private life = 0;
  /** The connection on which something is being done, one thing after the other. */
  private workingOn: number | undefined = undefined;
  /** Something failed, and the connection did not; it is tried again later. */
  private stalled = false;
  private waits = false;
  /** When the log's clock was last looked at. */
  private sampledAt = -Infinity;
  /** What it said then, and the latest that it ever said. */
  private sampledTime = 0;
  private latestTime = 0;
  private readonly patience: Patience;

  constructor(private readonly options: LinkOptions) {
    this.responseTimeoutMs = options.responseTimeoutMs;
    this.patience = new Patience(options.clock, () => this.lookAgain());
    options.uplink.open(this);
  }

  attend(attendant: Attendant): void {
    this.attendant = attendant;
  }

  get lastFailure(): Error | undefined {
    return this.failure ?? this.leadFailure;
  }

  get isBehind(): boolean {
    return this.conversation?.outbox.isBehind ?? false;
  }

  birth(): number {
    return this.sampledAt > -Infinity ? this.sampledTime : this.options.clock.now();
  }

  keepAlive(wanted: boolean): void {
    this.waits = wanted;
    this.options.onKeepAlive?.(wanted);
    this.schedule();
  }

  join(session: string, inbox: Inbox): void {
    this.conversation = new Conversation(session, inbox);
    this.patience.renew();
  }

  append(command: SessionCommand): void {
    const { conversation } = this;
    if (conversation?.session !== command.session) return;
    conversation.outbox.add(command);
    this.workSoon();
  }

  up(): void {
    this.connected = true;
    this.options.onReach?.(undefined);
    this.begin();
  }

  down(reason: Error): void {
    this.connected = false;
    this.options.onReach?.(reason);
    this.failure = reason;
    this.begin();
  }

  receive(session: string, message: Message): void {
    const { conversation } = this;
    if (conversation?.session !== session) return;
    if (conversation.follows(message)) this.deliver(conversation, message);
    if (conversation.isSilentListener) this.attendant?.mustSpeak();
    this.workSoon();
  }

  /** A connection begins or ends: nobody listens on it yet, and what was under way on the last one does not count. */
  private begin(): void {
    this.life++;
    this.stalled = false;
    this.patience.renew();
    if (this.conversation) this.conversation.attached = false;
    this.workSoon();
  }

  /** In a microtask, so that what is asked at once is written at once. */
  private workSoon(): void {
    const { life } = this;
    if (this.workingOn === life) return;
    this.workingOn = life;
    Promise.resolve().then(() => this.work(life));
  }

  /** Does what is to be done, one thing after the other. Never rejects. */
  private async work(life: number): Promise<void> {
    try {
      for (let task = this.next(life); task; task = this.next(life)) await task();
    } catch (error) {
      if (life === this.life) this.fail(error);
    }
    if (this.workingOn === life) this.workingOn = undefined;
    this.schedule();
  }

  private next(life: number): (() => Promise<void>) | undefined {
    const { conversation } = this;
    if (life !== this.life || this.stalled || conversation === undefined) return undefined;
    if (!this.connected) {
      if (this.failure === undefined || mayPass(this.failure)) return undefined;
      throw this.failure;
    }
    if (!conversation.attached) return () => this.attach(conversation, life);
    if (conversation.reportWanted) return () => this.report(conversation);
    const written = conversation.next(this.options.clock.now());
    return written && (() => this.write(conversation, written));
  }

  /** Begins to listen. Who spoke before may have missed something. */
  private async attach(conversation: Conversation, life: number): Promise<void> {
    const { clock, uplink } = this.options;
    const { isFresh } = conversation.outbox;
    if (isFresh) {
      if (clock.now() - this.sampledAt > FRESH_MS) await this.report(conversation);
      if (this.conversation !== conversation) return;
      // Its name has its birth in it, which the log must find credible.
      if (!this.isYoung(conversation.session)) return this.forget(conversation);
    }
    await uplink.subscribe(conversation.session);
    if (life !== this.life) return;
    conversation.attached = true;
    if (isFresh) return;
    conversation.reportWanted = true;
    this.attendant?.reached();
  }

  private async report(conversation: Conversation): Promise<void> {
    const { clock, uplink, onUnanswered } = this.options;
    const { position, outbox } = conversation;
    const sentAt = clock.now();
    const report = await uplink.report(conversation.session, outbox.ids());
    this.sample(sentAt, report.at, true);
    this.sampledTime = report.at;
    if (this.conversation !== conversation) return;
    if (hasForgotten(report, position)) return this.forget(conversation);
    this.deliver(conversation, ...report.messages);
    if (this.conversation !== conversation) return;
    conversation.reported(position);
    this.heard(conversation, report.applied ?? 0);
    outbox.confirm(report.applied ?? 0);
    if (report.ledForMs === 0 || outbox.oldest) onUnanswered?.(report);
    outbox.found(report.pending);
  }

  private async write(conversation: Conversation, written: Written): Promise<void> {
    const { clock, uplink } = this.options;
    const sentAt = clock.now();
    written.attempts++;
    const id = await uplink.append(written.entry);
    // The first entry of a millisecond bears the server's own time. Others may come while log time stands still.
    this.sample(sentAt, Number.parseInt(id, 10), !id.endsWith("-0"));
    written.ids.push(id);
    written.missing = false;
    // Written again: the time for the next sign of life may have passed.
    if (this.conversation === conversation && written.attempts > 1) this.attendant?.reached();
  }

  /** The log answered, and told its time. */
  private sample(sentAt: number, logTime: number, orMore: boolean): void {
    const now = this.options.clock.now();
    this.failure = undefined;
    this.sampledAt = now;
    // An entry may stand behind log time, after the stream was deleted: no session is born there.
    this.sampledTime = Math.max(logTime, this.sampledTime);
    // Log time never goes back: who lost the stream writes entries that are not read.
    if (logTime < this.latestTime) return;
    this.latestTime = logTime;
    this.logClock.observe(sentAt, logTime, now, orMore);
  }

  private deliver(conversation: Conversation, ...messages: readonly Message[]): void {
    const { outbox, seen } = conversation;
    for (const { events, applied } of messages) {
      // Before its events, so that a holder knows how long it may hold.
      this.heard(conversation, applied);
      for (const event of events) {
        if (event.seq <= conversation.seen) continue;
        conversation.seen = event.seq;
        this.tell(conversation, event);
        // It was forgotten, or has left.
        if (this.conversation !== conversation) return;
      }
      outbox.confirm(applied);
    }
    if (conversation.seen === seen) return;
    this.leadFailure = undefined;
    this.patience.renew();
  }

  private tell(conversation: Conversation, event: Event): void {
    const { session, inbox, outbox } = conversation;
    switch (event.type) {
      case "refused":
        this.refused(conversation, event.reason);
        return;
      case "swept":
        if (event.sessions.includes(session)) this.forget(conversation);
        return;
    }
    if (answeredSession(event) === session) outbox.confirm(event.number ?? 0);
    inbox.receive(event);
    if (event.type === "left") this.leave(conversation);
  }

  private refused(conversation: Conversation, reason: RefusedEvent["reason"]): void {
    switch (reason) {
      case "duplicate":
        // It was answered the first time.
        return;
      case "gap":
        // Something before it is missing; a report tells what, or that the log knows less than it did.
        conversation.reportWanted = true;
        return;
      case "stranger":
        this.forget(conversation);
    }
  }

  /** The log has applied what was asked up to this number, and so has heard the session. */
  private heard({ outbox }: Conversation, applied: number): void {
    const heardAt = outbox.heardBy(applied);
    if (heardAt !== undefined) this.attendant?.confirmed(heardAt);
  }

  private isYoung(session: string): boolean {
    const ageMs = this.sampledTime - Number.parseInt(session, 10);
    return ageMs >= 0 && ageMs < YOUNG_MS;
  }

  private fail(reason: unknown): void {
    const error = reason instanceof Error ? reason : new BackendUnavailableError(String(reason));
    this.failure = error;
    this.stalled = this.connected && mayPass(error);
    const { conversation } = this;
    if (mayPass(error) || conversation === undefined) return;
    this.leave(conversation);
    conversation.inbox.broken(error);
  }

  /** The session begins again under another name. */
  private forget(conversation: Conversation): void {
    this.leave(conversation);
    conversation.inbox.forgotten(conversation.outbox.unanswered());
  }

  private leave(conversation: Conversation): void {
    this.conversation = undefined;
    this.options.uplink.unsubscribe(conversation.session);
  }

  /** Something took too long: was it missed, does nobody decide, can it be written now? */
  private lookAgain(): void {
    const { conversation } = this;
    if (conversation && (conversation.outbox.oldest || this.waits))
      conversation.reportWanted = true;
    this.stalled = false;
    this.workSoon();
  }

  /** Whether, and since when, something is overdue. */
  private schedule(): void {
    if (!this.connected || this.conversation === undefined) return;
    const { oldest } = this.conversation.outbox;
    if (this.stalled || oldest) this.patience.expect(oldest?.sentAt);
    else if (this.waits) this.patience.expectMore();
  }
}

function mayPass(error: Error): boolean {
  return error instanceof BackendUnavailableError;
}
