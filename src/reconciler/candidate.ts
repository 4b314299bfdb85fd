/**
 * One candidate for the lead of a partition: claims it when nobody has it and somebody needs it, leads,
 * and stands by again. Each process has one by default; a dedicated reconciler is nothing else.
 */

import { LazyAlarm } from "../lazy-alarm.js";
import type { Ids } from "../ports.js";
import { reconcilerTermBegun, reconcilerTermEnded } from "../telemetry.js";
import { Leader, type LeaderPorts, type TermEnd } from "./leader.js";

export interface CandidateOptions extends LeaderPorts {
  readonly ids: Ids;
  /** Whether anything in this process waits or holds, so that somebody must lead. */
  isNeeded(): boolean;
  /** A dedicated reconciler always claims as soon as it can. Default: false. */
  readonly eager?: boolean | undefined;
  readonly listener: CandidateListener;
}

/** Told of what a candidate does. */
export interface CandidateListener {
  leads(epoch: number): void;
  stoodDown(epoch: number, end: TermEnd): void;
  /** Another one leads, as it saw when it looked. */
  follows?(): void;
  /** A claim could not be made. */
  failed(error: unknown): void;
}

/** How often a candidate looks that needs no leader. */
const IDLE_MS = 10_000;
const RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
/** Candidates that wait for the same lease to end don't all claim at once. */
const JITTER_MS = 50;
/** Waiting alone is no hurry: whoever writes something looks sooner. */
const WAITING_MS = 2_000;

export class Candidate {
  private mode: "standby" | "claiming" | "leading" | "stopped" = "standby";
  private leader: Leader | undefined = undefined;
  /** Commits of the terms that ended. */
  private committed = 0;
  private readonly alarm: LazyAlarm;
  /** Something was written and has no answer. */
  private urgent = false;
  /** A leader said that it leaves, while a claim was under way: that may have come too early. */
  private vacated = false;
  private failures = 0;
  /** Its last term came to nothing. */
  private isFailing = false;
  /** From 0 to 1; another one for each candidate. */
  private readonly spread: number;
  /** A new one for every term, so that a repeated claim finds its own term and no older one. */
  private name: string;
  /** The look that is under way, with the term that may come of it. */
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: CandidateOptions) {
    this.name = options.ids();
    this.spread = spreadOf(this.name);
    this.alarm = new LazyAlarm(options.clock, () => {
      this.looking = this.look();
    });
    options.lease.onVacant(() => this.hurry());
  }

  /** The term that it leads; `undefined` while it doesn't. */
  get leading(): { readonly epoch: number; readonly commits: number } | undefined {
    return this.leader && { epoch: this.leader.term.epoch, commits: this.leader.commits };
  }

  /** How many commits it made, in all its terms. */
  get commits(): number {
    return this.committed + (this.leader?.commits ?? 0);
  }

  /** Looks whether somebody leads, and claims if nobody does. */
  start(): void {
    this.lookIn(0);
  }

  /**
   * Something has no answer.
   *
   * @param ledForMs for how long somebody leads without renewing, if that is known
   */
  urge(ledForMs = 0): void {
    this.urgent = true;
    this.lookIn(ledForMs > 0 ? ledForMs + this.spread * JITTER_MS : 0);
  }

  /** Hands over if it leads, and stands by until it is urged. Never rejects. */
  async rest(): Promise<void> {
    await this.leader?.resign();
  }

  /** Hands over if it leads, for good. Never rejects. */
  async stop(): Promise<void> {
    this.mode = "stopped";
    this.alarm.clear();
    await this.leader?.resign();
    await this.looking;
  }

  /** Nobody leads now, as far as is known. */
  private hurry(): void {
    if (!this.options.eager && !this.options.isNeeded()) return;
    // Else all that fail would call one another, without a pause.
    if (this.isFailing) return;
    this.vacated = this.mode === "claiming";
    this.lookIn(this.spread * JITTER_MS);
  }

  private lookIn(ms: number): void {
    if (this.mode !== "standby") return;
    this.alarm.noLaterThan(this.options.clock.now() + Math.ceil(ms));
  }

  private async look(): Promise<void> {
    if (this.mode !== "standby") return;
    this.mode = "claiming";
    this.vacated = false;
    const claimedAt = this.options.clock.now();
    try {
      const claim = await this.options.lease.claim(this.name);
      if (claim.won) await this.lead(new Leader(this.options, claim.term, claimedAt));
      else this.follow(claim.ledForMs);
    } catch (error) {
      this.options.listener.failed(error);
      this.standBy(this.retryMs());
    }
  }

  private async lead(leader: Leader): Promise<void> {
    const { epoch } = leader.term;
    this.name = this.options.ids();
    if (this.mode === "stopped") {
      await leader.resign();
      return;
    }
    this.mode = "leading";
    this.leader = leader;
    const begunAt = this.options.clock.now();
    this.options.listener.leads(epoch);
    if (reconcilerTermBegun.hasSubscribers) reconcilerTermBegun.publish({ epoch });
    const end = await leader.lead();
    this.leader = undefined;
    this.committed += leader.commits;
    this.options.listener.stoodDown(epoch, end);
    if (reconcilerTermEnded.hasSubscribers) {
      const durationMs = this.options.clock.now() - begunAt;
      reconcilerTermEnded.publish({
        epoch,
        reason: end.reason,
        commits: leader.commits,
        durationMs,
      });
    }
    this.isFailing = end.reason === "failed" && leader.commits === 0;
    if (end.reason === "failed" || end.reason === "lost") await leader.resign();
    // Its connection may be of no use; nobody waits for that.
    if (end.reason === "unconfirmed") void leader.resign();
    if (leader.commits > 0) this.failures = 0;
    if (end.reason === "resigned") this.standBy(IDLE_MS);
    else this.standBy(end.reason === "failed" ? this.retryMs() : this.spread * JITTER_MS);
  }

  private follow(ledForMs: number): void {
    this.failures = 0;
    this.isFailing = false;
    this.options.listener.follows?.();
    this.standBy(this.vacated ? this.spread * JITTER_MS : this.patience(ledForMs));
  }

  private standBy(ms: number): void {
    if (this.mode === "stopped") return;
    this.mode = "standby";
    this.lookIn(ms);
  }

  /** How long to wait, when somebody else leads. */
  private patience(ledForMs: number): number {
    const urgent = this.urgent || this.options.eager;
    this.urgent = false;
    if (urgent) return ledForMs + this.spread * JITTER_MS;
    return this.options.isNeeded() ? ledForMs + this.spread * WAITING_MS : IDLE_MS;
  }

  private retryMs(): number {
    return Math.min(RETRY_MS * 2 ** this.failures++, LONGEST_RETRY_MS);
  }
}

/** A number from 0 to 1 that depends on nothing but the text. */
function spreadOf(text: string): number {
  let sum = 0;
  for (const char of text) sum = (sum * 31 + char.charCodeAt(0)) % 1_000;
  return sum / 1_000;
}
