/**
 * Sends a tick when time alone will make something happen, and keeps what is known of log time. A tick
 * goes to the tail of the log, so whatever was sent before it is decided before it.
 */

import { LogClock } from "../core/log-clock.js";
import { LazyAlarm } from "../lazy-alarm.js";
import { isAfter, logTimeOf } from "../log-time.js";
import type { Clock, EntryId, LogTime, Store } from "../ports.js";

/** The server's clock is taken to have jumped when it is off by more. */
const TOLERANCE_MS = 100;
/** A tick that was not decided for so long is sent again. */
const PATIENCE_MS = 500;

/** How far a leader has come. */
export interface Decided {
  /** Log time of the last event. */
  readonly at: number;
  /** In log time: when time alone makes something happen. */
  readonly deadline: number;
  /** The last entry that is decided. */
  readonly decidedTo: EntryId;
}

export class Ticker {
  private logClock = new LogClock();
  private readonly alarm: LazyAlarm;
  /** In log time. */
  private deadline = Infinity;
  private decidedTo: EntryId = "0-0";
  /** A tick is under way until it is decided, or this local time: it may get lost. */
  private underWayUntil = -Infinity;
  private sent: EntryId | undefined = undefined;
  /** The server's clock was set back: entries keep the time of the last one before that. */
  private standsStill = false;
  private stopped = false;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    this.alarm = new LazyAlarm(clock, () => this.ring());
  }

  /**
   * Of some local moment between the two. A server's clock that was set back makes log time stand still: then
   * it goes on by our clock.
   */
  observe(sentAt: number, { at, clockAt }: LogTime, receivedAt: number): void {
    this.standsStill = clockAt < (this.logClock.known ? this.logClock.now(sentAt) : at);
    if (this.logClock.known) this.adjust(sentAt, clockAt, receivedAt);
    else this.logClock.observe(sentAt, at, receivedAt);
  }

  /** What contradicts the past is not believed: a clock that jumped ahead is noticed where it matters, by the next entry. */
  private adjust(sentAt: number, clockAt: number, receivedAt: number): void {
    if (clockAt < this.logClock.now(sentAt) || this.isAhead(clockAt, receivedAt)) return;
    this.logClock.observe(sentAt, clockAt, receivedAt);
  }

  /** By how many milliseconds log time jumped ahead before an entry of this time was written. */
  jumpedBefore(at: number): number {
    const now = this.clock.now();
    if (!this.isAhead(at, now)) return 0;
    const jumpedMs = at - this.logClock.now(now);
    this.logClock = new LogClock();
    this.logClock.observe(now, at, now);
    return jumpedMs;
  }

  /**
   * Whether an entry of this time comes late, or the server's clock was set back since it was last looked at. Then
   * it must be looked at first: what is granted at a time that is long over would end too early.
   */
  mustLook(at: number): boolean {
    return !this.standsStill && at < this.logClock.now(this.clock.now()) - TOLERANCE_MS;
  }

  /** Log time by our clock while the log's own stands still, or somewhat less; else the given one. */
  carryOn(at: number): number {
    const now = this.standsStill ? this.logClock.now(this.clock.now()) : at;
    return Math.max(at, now);
  }

  /** So far it is decided. */
  arm({ at, deadline, decidedTo }: Decided): void {
    this.deadline = deadline;
    this.decidedTo = decidedTo;
    if (this.standsStill) this.goOnFrom(at);
    this.settle();
    this.schedule();
  }

  /** For good. */
  stop(): void {
    this.stopped = true;
    this.alarm.clear();
  }

  /** Where log time had to wait for a tick it must not catch up: holders rely on that it goes no faster than time does. */
  private goOnFrom(at: number): void {
    const now = this.clock.now();
    if (this.logClock.now(now) <= at) return;
    this.logClock = new LogClock();
    this.logClock.observe(now, at, now);
  }

  private isAhead(at: number, now: number): boolean {
    return this.logClock.known && this.logClock.earliest(at, now) > now + TOLERANCE_MS;
  }

  /** Far from the deadline our clock may be off; near it we know better. */
  private schedule(): void {
    const now = this.clock.now();
    const earliest = this.logClock.earliest(this.deadline, now);
    const due = earliest > now ? earliest : this.logClock.latest(this.deadline, now);
    if (!this.stopped) this.alarm.noLaterThan(Math.max(due, this.underWayUntil));
  }

  private ring(): void {
    const now = this.clock.now();
    if (this.underWayUntil > now || this.logClock.latest(this.deadline, now) > now) this.schedule();
    else void this.send();
  }

  private async send(): Promise<void> {
    this.underWayUntil = this.clock.now() + PATIENCE_MS;
    this.schedule();
    try {
      this.sent = await this.tick(this.deadline);
      this.settle();
    } catch {
      // Whoever reads or commits meets the same failure, and tells.
    }
  }

  /** The reply may come after what it tells of has been read and decided. */
  private settle(): void {
    if (this.sent === undefined || isAfter(this.sent, this.decidedTo)) return;
    this.sent = undefined;
    this.underWayUntil = -Infinity;
    this.schedule();
  }

  private async tick(deadline: number): Promise<EntryId> {
    const sentAt = this.clock.now();
    const id = await this.store.tick();
    const at = logTimeOf(id);
    this.adjust(sentAt, at, this.clock.now());
    return at < deadline ? this.store.tick(deadline) : id;
  }
}
