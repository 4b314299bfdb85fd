/**
 * What a session decides by its own clock, where the log is elsewhere and may not be heard: a holder
 * knows of its loss no later than the log may give the slot to another, and every wait ends.
 */

import { AcquireTimeoutError, BackendUnavailableError, type LossReason } from "../errors.js";
import type { Clock } from "../ports.js";
import type { Distant } from "./distant.js";
import type { Standing } from "./standing.js";
import { type Timer, Timers } from "./timers.js";

/** How long the log may take to say itself that a wait has ended, in milliseconds. */
const GRACE_MS = 50;
/** Of an interval that the log measures, so much passes here at least: clocks may differ by one hundredth. */
const SAFE_SHARE = 0.99;

/** What is held under one heartbeat interval. */
interface Watched {
  readonly held: Set<Standing>;
  readonly timer: Timer;
}

export class LocalDeadlines {
  /** At this local time, the log has heard the session. */
  heardAt = -Infinity;
  private readonly timers: Timers;
  /** When the wait or the TTL of an acquisition ends. */
  private readonly ends = new Map<Standing, Timer>();
  private readonly watched = new Map<number, Watched>();
  /** What somebody waits for. */
  private readonly awaited = new Set<object>();

  constructor(
    private readonly clock: Clock,
    private readonly distant: Distant,
  ) {
    this.timers = new Timers(clock);
  }

  /** An acquire begins. */
  asked(acquisition: Standing): void {
    this.awaits(acquisition);
    const { noWait, maxAcquireTimeMs } = acquisition.request.terms;
    const askedAt = this.clock.now();
    acquisition.askedAt = askedAt;
    if (noWait) {
      const at = askedAt + this.distant.responseTimeoutMs;
      this.endAt(acquisition, at, () => acquisition.timeOut(this.unanswered()));
    } else if (maxAcquireTimeMs !== undefined) {
      const at = askedAt + maxAcquireTimeMs + GRACE_MS;
      this.endAt(acquisition, at, () => acquisition.timeOut(this.timeout(acquisition, askedAt)));
    }
  }

  /** It got a slot, at this log time. */
  granted(acquisition: Standing, at: number): void {
    this.settled(acquisition);
    const { ttlMs, heartbeatMaxIntervalMs } = acquisition.request.terms;
    if (ttlMs !== undefined) this.limit(acquisition, at, ttlMs);
    if (heartbeatMaxIntervalMs !== undefined) this.watch(acquisition, heartbeatMaxIntervalMs);
  }

  /** Nobody waits for its slot any more. */
  settled(acquisition: Standing): void {
    this.timers.stop(this.ends.get(acquisition));
    this.ends.delete(acquisition);
    this.awaitsNoMore(acquisition);
  }

  ended(acquisition: Standing): void {
    this.settled(acquisition);
    const { heartbeatMaxIntervalMs } = acquisition.request.terms;
    if (heartbeatMaxIntervalMs !== undefined)
      this.watched.get(heartbeatMaxIntervalMs)?.held.delete(acquisition);
  }

  /** The log heard the session at this local time. */
  confirmed(sentAt: number): void {
    this.heardAt = Math.max(this.heardAt, sentAt);
  }

  /** What is held so far belongs to a session that nobody will hear of again. */
  orphaned(): void {
    for (const [intervalMs, { held, timer }] of this.watched) {
      const at = this.silentAt(intervalMs);
      for (const acquisition of held)
        this.timers.start(at, () => this.lose(acquisition, "heartbeat"));
      this.timers.stop(timer);
    }
    this.watched.clear();
  }

  /** Lets happen what is due, also before a timer could ring. */
  catchUp(): void {
    this.timers.catchUp();
  }

  /** Calls back unless the answer comes in time. Returns what to call when it came. */
  expect(question: object, late: (error: BackendUnavailableError) => void): () => void {
    this.awaits(question);
    const at = this.clock.now() + this.distant.responseTimeoutMs;
    const timer = this.timers.start(at, () => late(this.unanswered()));
    return () => {
      this.timers.stop(timer);
      this.awaitsNoMore(question);
    };
  }

  /** Somebody waits for it, so the process stays alive. */
  awaits(what: object): void {
    this.awaited.add(what);
    if (this.awaited.size === 1) this.keepAlive(true);
  }

  /** For how long the TTL still lets it hold. */
  remainingMs(acquisition: Standing, ttlMs: number): number {
    const endsAt = this.ends.get(acquisition)?.at ?? -Infinity;
    return Math.min(ttlMs, Math.max(0, endsAt - this.clock.now()));
  }

  /** For how long it may hold at most, whatever is learned of log time meanwhile, and by whichever clock. */
  longestLeftMs(acquisition: Standing, ttlMs: number): number {
    const now = this.clock.now();
    const latest = this.distant.logClock.latest(acquisition.grantedAt + ttlMs, now);
    const leftMs = Math.max(latest - now, this.remainingMs(acquisition, ttlMs));
    return Math.min(ttlMs, Math.ceil(leftMs / SAFE_SHARE));
  }

  private awaitsNoMore(what: object): void {
    if (this.awaited.delete(what) && this.awaited.size === 0) this.keepAlive(false);
  }

  private keepAlive(wanted: boolean): void {
    this.timers.keepAlive(wanted);
    this.distant.keepAlive(wanted);
  }

  private endAt(acquisition: Standing, at: number, due: () => void): void {
    this.ends.set(acquisition, this.timers.start(at, due));
  }

  private limit(acquisition: Standing, grantedAt: number, ttlMs: number): void {
    const { logClock } = this.distant;
    const now = this.clock.now();
    // It was granted after it was asked for. Where log time stands still, or jumped, nothing else may tell how late it is.
    logClock.observe(acquisition.askedAt, grantedAt, now);
    const { jumps } = logClock;
    const at = logClock.earliest(grantedAt + ttlMs, now);
    const due = () => {
      // What was learned meanwhile may give more time; but not after a jump, since deadlines don't jump.
      const isValid = logClock.jumps === jumps;
      const later = isValid ? logClock.earliest(grantedAt + ttlMs, this.clock.now()) : at;
      const timer = this.ends.get(acquisition);
      if (timer && later > this.clock.now()) this.timers.move(timer, later);
      else this.lose(acquisition, "ttl");
    };
    this.endAt(acquisition, Math.floor(at), due);
    // The grant came late: nobody may believe in it even for a moment.
    if (at <= now) due();
  }

  private watch(acquisition: Standing, intervalMs: number): void {
    const at = this.silentAt(intervalMs);
    const known = this.watched.get(intervalMs);
    if (known) {
      known.held.add(acquisition);
    } else {
      const timer = this.timers.start(at, () => this.checkSilence(intervalMs));
      this.watched.set(intervalMs, { held: new Set([acquisition]), timer });
    }
    if (at <= this.clock.now()) this.checkSilence(intervalMs);
  }

  private checkSilence(intervalMs: number): void {
    const watched = this.watched.get(intervalMs);
    if (watched === undefined) return;
    const at = this.silentAt(intervalMs);
    if (watched.held.size > 0 && at > this.clock.now()) {
      this.timers.move(watched.timer, at);
      return;
    }
    this.watched.delete(intervalMs);
    for (const acquisition of watched.held) this.lose(acquisition, "heartbeat");
  }

  private silentAt(intervalMs: number): number {
    return this.heardAt + Math.floor(intervalMs * SAFE_SHARE);
  }

  private unanswered(): BackendUnavailableError {
    return unansweredError(this.distant.responseTimeoutMs, this.distant);
  }

  private timeout(acquisition: Standing, askedAt: number): AcquireTimeoutError {
    const { positionAtMost, request, semaphoreName } = acquisition;
    const { lastFailure, isUnled } = this.distant;
    const waitedMs = this.clock.now() - askedAt;
    const failure = {
      semaphoreName,
      value: request.value,
      held: undefined,
      waitedMs,
      positionAtMost,
    };
    if (lastFailure) return new AcquireTimeoutError(failure, { cause: lastFailure });
    if (positionAtMost !== undefined && !isUnled) return new AcquireTimeoutError(failure);
    const cause = unansweredError(waitedMs, this.distant);
    return new AcquireTimeoutError(failure, { cause }, isUnled ? UNLED : undefined);
  }

  private lose(acquisition: Standing, reason: LossReason): void {
    this.ended(acquisition);
    acquisition.loseLocally(reason, this.distant.lastFailure);
  }
}

const UNLED =
  "Redis answers, but nobody leads: no reconciler runs. Start one (slotstream reconciler), or don't pass " +
  'reconciler: "external".';
const UNKNOWN = "Check that the server can be reached and that a reconciler runs.";

function unansweredError(ms: number, distant: Distant): BackendUnavailableError {
  const { lastFailure: cause, isUnled } = distant;
  const why = isUnled && cause === undefined ? UNLED : UNKNOWN;
  return new BackendUnavailableError(`nobody answered within ${ms} ms. ${why}`, cause && { cause });
}
