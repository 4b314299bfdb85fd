/**
 * Sends a tick when time alone will make something happen, and keeps what is known of log time. A tick
 * goes to the tail of the log, so whatever was sent before it is decided before it.
 *
 * Our own clock only says when to look: log time goes no faster than the server's answers say, however wrong ours is.
 */

import { LogClock } from "../core/log-clock.js";
import { LazyAlarm } from "../lazy-alarm.js";
import { isAfter, logTimeOf } from "../log-time.js";
import type { Clock, EntryId, LogTime, Store } from "../ports.js";

/** The server's clock is taken to have jumped when it is off by more. */
const TOLERANCE_MS = 100;
/** A tick that was not decided for so long is sent again. */
const PATIENCE_MS = 500;
/** After a tick that came too early, since our clock is fast, the next one comes no sooner. */
const EARLY_MS = 50;
/** Log time may go slower than the server's clock by so much, which then catches up with it. */
const CATCH_UP = 0.01;

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
  /** What the server's clock said last. */
  private clockAt = -Infinity;
  /** Log time so far, as long as nothing has jumped: whatever was not known then was written later. */
  private knownAt = -Infinity;
  /** When an entry told, in local time, that the clock had jumped, and to what. */
  private jumped = { seenAt: -Infinity, to: -Infinity };
  /** By how much it stands behind log time, since it was set back: entries keep the time of the last one before that. */
  private behindMs = 0;
  /** In log time. */
  private deadline = Infinity;
  private decidedTo: EntryId = "0-0";
  /** A tick is under way until it is decided, or this local time: it may get lost. */
  private underWayUntil = -Infinity;
  /** No tick before this local time. */
  private restsUntil = -Infinity;
  private sent: EntryId | undefined = undefined;
  private stopped = false;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    /** Lets the server say what time it is, as soon as it can. */
    private readonly look: () => void,
  ) {
    this.alarm = new LazyAlarm(clock, () => this.ring());
  }

  /** Log time now, by our clock, or somewhat less. */
  get logTime(): number {
    return this.logClock.now(this.clock.now());
  }

  /** What the server said at some local moment between the two. The answers come in the order of the looks. */
  observe(sentAt: number, { at, clockAt }: LogTime, receivedAt: number): void {
    // It may have been answered before the jump; and what followed from that may not be in the data yet.
    if (sentAt <= this.jumped.seenAt) return;
    const time = { at: Math.max(at, this.jumped.to), clockAt };
    this.behindMs = this.behindBy(time, sentAt, receivedAt);
    this.clockAt = clockAt;
    this.adjust(sentAt, this.reached, receivedAt);
    if (this.isBehind && this.reached >= this.deadline && this.mayTick()) void this.send();
    else this.schedule();
  }

  /**
   * By how many milliseconds log time jumped ahead before an entry of this time was written; or by some more, for nobody knows
   * when that was. It was after what was known last; if it were taken for now, TTLs would end early by the age of the entry.
   */
  jumpedBefore(at: number): number {
    const now = this.clock.now();
    if (!this.isAhead(at, now) || (this.isBehind && at <= this.reached)) return 0;
    const jumpedMs = at - Math.min(this.logClock.now(now), this.knownAt);
    this.jumped = { seenAt: now, to: at };
    this.knownAt = at;
    this.behindMs = 0;
    this.logClock = new LogClock();
    this.logClock.observe(now, at, now);
    return jumpedMs;
  }

  /**
   * Whether an entry of this time comes late, or the server's clock was set back since it was last looked at. Then
   * it must be looked at first: what is granted at a time that is long over would end too early.
   */
  mustLook(at: number): boolean {
    return at < (this.isBehind ? Infinity : this.logTime - TOLERANCE_MS);
  }

  /** Log time when the server's clock was last looked at, while that stands behind; else the given one. */
  carryOn(at: number): number {
    return this.isBehind ? Math.max(at, this.reached) : at;
  }

  /** So far it is decided. */
  arm({ at, deadline, decidedTo }: Decided): void {
    this.deadline = deadline;
    this.knownAt = Math.max(this.knownAt, at);
    this.decidedTo = decidedTo;
    // Where log time had to wait for a tick it must not catch up: holders rely on that it goes no faster than time does.
    if (this.isBehind && this.reached > at) this.behindMs = Math.max(0, at - this.clockAt);
    this.settle();
    this.schedule();
  }

  /** For good. */
  stop(): void {
    this.stopped = true;
    this.alarm.clear();
  }

  private get isBehind(): boolean {
    return this.behindMs > 0;
  }

  /** Log time when the server's clock was last looked at. */
  private get reached(): number {
    return Math.floor(this.clockAt + this.behindMs);
  }

  /**
   * That the server's clock was set back, only it can say: it says less than before, or less than what is decided. If
   * it were our clock that we trust, a fast one would let log time run.
   */
  private behindBy({ at, clockAt }: LogTime, sentAt: number, receivedAt: number): number {
    const { reached } = this;
    if (clockAt < this.clockAt) return Math.max(reached, at) - clockAt;
    const passedMs = this.isBehind ? clockAt - this.clockAt : 0;
    const behindMs = Math.max(0, at - clockAt, this.behindMs - CATCH_UP * passedMs);
    if (behindMs === 0 || !this.isAhead(clockAt + behindMs, receivedAt)) return behindMs;
    // It was set ahead again, though perhaps not all the way.
    return Math.max(0, Math.max(reached, at, this.logClock.now(sentAt)) - clockAt);
  }

  /** A clock that jumped ahead is noticed where it matters, by the next entry. */
  private adjust(sentAt: number, time: number, receivedAt: number): void {
    if (this.isAhead(time, receivedAt)) return;
    this.logClock.observe(sentAt, time, receivedAt);
    this.knownAt = Math.max(this.knownAt, time);
  }

  private isAhead(at: number, now: number): boolean {
    return this.logClock.known && this.logClock.earliest(at, now) > now + TOLERANCE_MS;
  }

  private mayTick(): boolean {
    return !this.stopped && Math.max(this.underWayUntil, this.restsUntil) <= this.clock.now();
  }

  /** Far from the deadline our clock may be off; near it we know better. */
  private schedule(): void {
    if (this.stopped) return;
    const now = this.clock.now();
    const earliest = this.logClock.earliest(this.deadline, now);
    const due = earliest > now ? earliest : this.logClock.latest(this.deadline, now);
    this.alarm.noLaterThan(Math.max(due, this.underWayUntil, this.restsUntil));
  }

  private ring(): void {
    const now = this.clock.now();
    if (!this.mayTick() || this.logClock.latest(this.deadline, now) > now) this.schedule();
    else if (this.isBehind) this.look();
    else void this.send();
  }

  private async send(): Promise<void> {
    this.underWayUntil = this.clock.now() + PATIENCE_MS;
    this.schedule();
    try {
      this.sent = await this.tick();
      if (logTimeOf(this.sent) < this.deadline) this.restsUntil = this.clock.now() + EARLY_MS;
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

  private async tick(): Promise<EntryId> {
    // No later than that: who waits for it in the log must not be granted anything before it, and end after it.
    if (this.isBehind) return this.store.tick(this.deadline);
    const sentAt = this.clock.now();
    const id = await this.store.tick();
    this.adjust(sentAt, logTimeOf(id), this.clock.now());
    return id;
  }
}
