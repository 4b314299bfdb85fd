/**
 * The log of a session whose commands are decided elsewhere. Does over one connection after the other what the
 * conversation wants: listens, asks for reports, writes, one thing at a time, again until it succeeds.
 */

import type { SessionCommand } from "../core/command.js";
import type { LogClock } from "../core/log-clock.js";
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
import { Conversation, type ConversationListener } from "./conversation.js";
import type { Attendant, Distant } from "./distant.js";
import { Failovers } from "./failovers.js";
import { LogTimes } from "./log-times.js";
import type { Written } from "./outbox.js";
import { Patience } from "./patience.js";

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

export class Link implements CommandLog, UplinkListener, Distant, ConversationListener {
  readonly responseTimeoutMs: number;
  /** Why nobody decides, as far as this process knows by having tried; until something is decided. */
  leadFailure: Error | undefined = undefined;
  isUnled = false;
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
  private readonly times: LogTimes;
  private readonly patience: Patience;
  private readonly failovers: Failovers;

  constructor(private readonly options: LinkOptions) {
    this.responseTimeoutMs = options.responseTimeoutMs;
    this.times = new LogTimes(options.clock);
    this.patience = new Patience(options.clock, () => this.lookAgain());
    this.failovers = new Failovers(options.clock);
    options.uplink.open(this);
  }

  attend(attendant: Attendant): void {
    this.attendant = attendant;
  }

  get logClock(): LogClock {
    return this.times.logClock;
  }

  get lastFailure(): Error | undefined {
    return this.failure ?? this.leadFailure;
  }

  get isBehind(): boolean {
    return this.conversation?.outbox.isBehind ?? false;
  }

  birth(): number {
    return this.times.birth();
  }

  keepAlive(wanted: boolean): void {
    this.waits = wanted;
    this.options.onKeepAlive?.(wanted);
    this.schedule();
  }

  join(session: string, inbox: Inbox): void {
    this.conversation = new Conversation(session, inbox, this);
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
    const { oldest } = conversation.outbox;
    if (conversation.follows(message) && conversation.deliver([message])) {
      this.failovers.heard(message, oldest);
      this.decided();
    }
    if (conversation.isSilentListener) this.attendant?.mustSpeak();
    this.workSoon();
  }

  confirmed(sentAt: number): void {
    this.attendant?.confirmed(sentAt);
  }

  answered(sentAt: number, at: number): void {
    this.times.answered(sentAt, at);
  }

  ended(conversation: Conversation): void {
    this.conversation = undefined;
    if (!conversation.outbox.isFresh) this.times.doubt();
    this.options.uplink.unsubscribe(conversation.session);
  }

  /** Somebody leads. */
  private decided(): void {
    this.leadFailure = undefined;
    this.isUnled = false;
    this.patience.renew();
  }

  /** A connection begins or ends: nobody listens on it yet, and what was under way on the last one does not count. */
  private begin(): void {
    this.life++;
    this.stalled = false;
    this.isUnled = false;
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
    const { isFresh } = conversation.outbox;
    if (isFresh) {
      if (!this.times.isRecent) await this.report(conversation);
      if (conversation.isOver) return;
      // Its name has its birth in it, which the log must find credible.
      if (!this.times.isYoung(conversation.session)) return conversation.forget();
    }
    await this.options.uplink.subscribe(conversation.session);
    if (life !== this.life) return;
    conversation.attached = true;
    if (isFresh) return;
    conversation.reportWanted = true;
    this.attendant?.reached();
  }

  private async report(conversation: Conversation): Promise<void> {
    const { uplink, onUnanswered } = this.options;
    const { progress, outbox } = conversation;
    const report = await uplink.report(conversation.session, outbox.ids());
    this.failovers.heard(report.messages.at(-1), outbox.oldest);
    this.failure = undefined;
    this.times.reported(report.at);
    if (conversation.isOver) return;
    if (conversation.reported(report, progress)) this.decided();
    this.isUnled = report.ledForMs === 0;
    if (conversation.isOver) return;
    if (report.ledForMs === 0 || outbox.oldest) onUnanswered?.(report);
    outbox.found(report.pending);
  }

  private async write(conversation: Conversation, written: Written): Promise<void> {
    written.attempts++;
    const id = await this.options.uplink.append(written.entry);
    this.failure = undefined;
    this.times.wrote(Number.parseInt(id, 10));
    conversation.outbox.store(written, id);
    // Written again: the time for the next sign of life may have passed.
    if (!conversation.isOver && written.attempts > 1) this.attendant?.reached();
  }

  private fail(reason: unknown): void {
    const error = reason instanceof Error ? reason : new BackendUnavailableError(String(reason));
    this.failure = error;
    this.stalled = this.connected && mayPass(error);
    if (!mayPass(error)) this.conversation?.break(error);
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
