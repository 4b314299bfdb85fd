/**
 * One term of one leader: loads the data, then reads, decides and commits until the term ends. Made
 * by the candidate that won it. Decides nothing before the data is loaded, and loads after the claim.
 */

import { type RebaseCommand, TICK } from "../core/command.js";
import { restoring } from "../core/snapshot.js";
import { BackendUnavailableError } from "../errors.js";
import { logTimeOf } from "../log-time.js";
import type { Clock, Commit, Lease, Loaded, ReadEntry, Retention, Store, Term } from "../ports.js";
import { type CommitFailure, CommitQueue } from "./commit-queue.js";
import { CommitWatch } from "./commit-watch.js";
import { Ledger, type OwnCommand } from "./ledger.js";
import { pause } from "./pause.js";
import { portionsOf } from "./portions.js";
import { Tenure } from "./tenure.js";
import { Ticker } from "./ticker.js";

export interface LeaderPorts {
  readonly lease: Lease;
  readonly store: Store;
  readonly clock: Clock;
  /** How much of the history is kept; by default 100,000 events, however old. */
  readonly retention?: Retention | undefined;
}

/**
 * Why a term ended. `fenced`: another one has begun. `unconfirmed`: its lease could not be renewed in
 * time. `resigned`: it was asked to. The others are those of `CommitFailure`.
 */
export type TermEnd = CommitFailure | { readonly reason: "unconfirmed" | "resigned" };

/** A read ends after so long, so that a broken connection is noticed. */
const READ_MS = 5_000;
const RETRY_MS = 50;

export class Leader {
  private readonly tenure: Tenure;
  private readonly ticker: Ticker;
  private readonly watch: CommitWatch;
  private queue: CommitQueue | undefined = undefined;
  private end: TermEnd | undefined = undefined;
  /** Since when, in local time, every read has failed. */
  private unreadSince = Infinity;
  /** How many commits it made. */
  commits = 0;

  /** @param claimedAt local time when the claim was sent. */
  constructor(
    private readonly ports: LeaderPorts,
    readonly term: Term,
    claimedAt: number,
  ) {
    this.ticker = new Ticker(ports.store, ports.clock, () => void this.tenure.look());
    this.ticker.observe(claimedAt, term, ports.clock.now());
    this.watch = new CommitWatch(ports.clock, term.epoch, () => this.ticker.logTime);
    this.tenure = new Tenure(ports.lease, ports.clock, term, claimedAt, {
      renewed: (sentAt, time) => this.ticker.observe(sentAt, time, ports.clock.now()),
      ended: (reason) => this.finish({ reason }),
    });
  }

  /** Leads until the term ends; resolves with the reason. Never rejects. */
  async lead(): Promise<TermEnd> {
    try {
      const loaded = await this.ports.store.load(this.term);
      const state = await this.inSteps(restoring(loaded.snapshot));
      const ledger = new Ledger(loaded, state, this.term.epoch, this.ports.retention);
      // It may have ended meanwhile.
      if (this.end === undefined) this.begin(ledger, loaded);
      while (this.end === undefined) await this.turn(ledger);
    } catch (error) {
      this.finish({ reason: "failed", error });
    }
    return this.end ?? { reason: "resigned" };
  }

  /** Makes room for another one, and says so. What was not committed, that one decides. Never rejects. */
  async resign(): Promise<void> {
    this.finish({ reason: "resigned" });
    try {
      await this.ports.lease.resign(this.term);
    } catch {
      // It could not be reached: then the lease ends by itself.
    }
  }

  private begin(ledger: Ledger, { commit, restarted, pauseMs }: Loaded): void {
    const { store, clock } = this.ports;
    const failed = (failure: CommitFailure) => this.finish(failure);
    const confirmed = (number: number) => this.watch.confirmed(number);
    this.queue = new CommitQueue(store, clock, this.term, commit, failed, confirmed);
    if (restarted) {
      this.decide(ledger, [{ at: this.term.at, command: { type: "restart", pauseMs } }], []);
    }
    this.ticker.arm(ledger);
  }

  /** So that a large state doesn't keep the lease from being renewed. */
  private async inSteps<T>(steps: Generator<void, T, void>): Promise<T> {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      await pause(this.ports.clock, 0);
    }
  }

  private async turn(ledger: Ledger): Promise<void> {
    await this.queue?.room();
    const read = this.end ? [] : await this.read(ledger);
    await this.checkTime(lastTimeOf(read));
    for (const portion of portionsOf(read)) {
      await this.queue?.room();
      if (this.end) return;
      this.decide(ledger, this.before(portion, ledger.deadline), portion);
    }
    if (read.length > 0) this.ticker.arm(ledger);
    if (ledger.isCheckpointDue) await this.checkpoint(ledger);
  }

  private async checkpoint(ledger: Ledger): Promise<void> {
    const commit = await this.inSteps(ledger.checkpoint());
    if (commit === undefined) return;
    await this.queue?.room();
    // A large one takes its time, and the next renewal waits behind it.
    await this.renew();
    if (this.end === undefined) this.push(commit);
  }

  /** What looks old came late, or the server's clock was set back. Whoever decides must know which. */
  private async checkTime(at: number): Promise<void> {
    if (this.ticker.mustLook(at)) await this.renew();
  }

  private async renew(): Promise<void> {
    while (this.end === undefined && !(await this.tenure.look())) {
      await pause(this.ports.clock, RETRY_MS);
    }
  }

  private async read(ledger: Ledger): Promise<ReadEntry[]> {
    const { store, clock } = this.ports;
    try {
      const read = await store.read(ledger.decidedTo, READ_MS);
      this.unreadSince = Infinity;
      return read;
    } catch (error) {
      this.unreadSince = Math.min(this.unreadSince, clock.now());
      // Who can renew and cannot read must not stay in the way of others.
      const isTooLong = clock.now() - this.unreadSince > this.term.leaseMs;
      if (isTooLong || !(error instanceof BackendUnavailableError)) throw error;
      await pause(clock, RETRY_MS);
      return [];
    }
  }

  private decide(ledger: Ledger, own: readonly OwnCommand[], read: readonly ReadEntry[]): void {
    const before = ledger.decided;
    const commit = ledger.decide(own, read);
    this.watch.decided(commit, ledger.decided - before, read);
    this.push(commit);
  }

  private push(commit: Commit): void {
    this.queue?.push(commit);
    this.commits++;
  }

  /**
   * A jump of the server's clock must not let everything expire. While the server's clock stands behind log
   * time, that goes on with it; not up to the deadline, so that who was heard is heard before silence ends anything.
   */
  private before(portion: readonly ReadEntry[], deadline: number): OwnCommand[] {
    const at = lastTimeOf(portion);
    const byMs = this.ticker.jumpedBefore(at);
    if (byMs !== 0) {
      const command: RebaseCommand = { type: "rebase", byMs };
      return [{ at, command }];
    }
    const now = Math.min(this.ticker.carryOn(at), deadline - 1);
    return now > at ? [{ at: now, command: TICK }] : [];
  }

  /** The first reason counts. */
  private finish(end: TermEnd): void {
    if (this.end) return;
    this.end = end;
    this.tenure.stop();
    this.ticker.stop();
    this.queue?.stop();
    this.ports.store.interrupt();
  }
}

/** Log time of the last one; `Infinity` if there is none. */
function lastTimeOf(entries: readonly ReadEntry[]): number {
  const last = entries.at(-1);
  return last ? logTimeOf(last.id) : Infinity;
}
