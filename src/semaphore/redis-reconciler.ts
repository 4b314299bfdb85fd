/** A reconciler of its own: leads or stands by to lead, and acquires nothing. Behind `slotstream reconciler`. */

import { systemClock } from "../memory/system-clock.js";
import type { UplinkListener } from "../ports.js";
import { Candidate, type CandidateListener } from "../reconciler/candidate.js";
import type { TermEnd } from "../reconciler/leader.js";
import type { RedisPartition } from "../redis/partition.js";
import { LeadLog } from "./lead-log.js";
import { makeId } from "./make-id.js";
import { checkRedis, type RedisOption } from "./redis-config.js";
import { partitionOf } from "./redis-partition.js";

export interface ReconcilerHealth {
  /** Whether it leads now; else it stands by, or tries to. */
  readonly leading: boolean;
  /** Its term, while it leads. */
  readonly epoch: number | undefined;
  /** How many commits it made since it was started. */
  readonly commits: number;
  /** Why it can neither lead nor see that another one does. */
  readonly failure: Error | undefined;
}

/**
 * @example
 * const reconciler = new RedisReconciler("redis://localhost:6379");
 * reconciler.start();
 * process.once("SIGTERM", () => reconciler.stop());
 */
export class RedisReconciler implements CandidateListener, UplinkListener {
  private readonly partition: RedisPartition;
  private readonly candidate: Candidate;
  private readonly leadLog: LeadLog;
  private failure: Error | undefined = undefined;

  /** @throws InvalidOptionError */
  constructor(redis?: RedisOption) {
    const config = checkRedis(redis);
    this.leadLog = new LeadLog(config.logger);
    this.partition = partitionOf(config);
    this.candidate = new Candidate({
      lease: this.partition.lease,
      store: this.partition.store,
      clock: systemClock,
      retention: config.retention,
      ids: makeId,
      isNeeded: () => true,
      eager: true,
      listener: this,
    });
  }

  /** Connects, and keeps the process alive until it is stopped. */
  start(): void {
    this.partition.keepAlive(true);
    this.partition.uplink.open(this);
  }

  health(): ReconcilerHealth {
    const { leading, commits } = this.candidate;
    return {
      leading: leading !== undefined,
      epoch: leading?.epoch,
      commits,
      failure: this.failure,
    };
  }

  /** Hands over to another one, if there is one, and disconnects. Never rejects. */
  async stop(): Promise<void> {
    await this.candidate.stop();
    this.partition.close();
  }

  /** @internal It asks nothing of the uplink, but that knows when Redis can be reached, and why not. */
  up(): void {
    this.failure = undefined;
    this.candidate.start();
  }

  /** @internal */
  down(reason: Error): void {
    this.failed(reason);
  }

  /** @internal Nothing is told to one that owns nothing. */
  receive(): void {}

  /** @internal */
  follows(): void {
    this.failure = undefined;
    this.leadLog.follows();
  }

  /** @internal */
  leads(epoch: number): void {
    this.failure = undefined;
    this.leadLog.leads(epoch);
  }

  /** @internal */
  stoodDown(epoch: number, end: TermEnd): void {
    this.leadLog.stoodDown(epoch, end);
    if (end.reason === "failed" && end.error instanceof Error) this.failure = end.error;
  }

  /** @internal */
  failed(error: unknown): void {
    this.leadLog.failed(error);
    if (error instanceof Error) this.failure = error;
  }
}
