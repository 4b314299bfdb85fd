/** Composes Redis mode: a session, its link to the log, and a candidate for the lead, over shared connections. */

import { BackendUnavailableError } from "../errors.js";
import { systemClock } from "../memory/system-clock.js";
import { Candidate } from "../reconciler/candidate.js";
import type { TermEnd } from "../reconciler/leader.js";
import { onIdleProcess } from "../redis/idle-process.js";
import type { RedisPartition } from "../redis/partition.js";
import { Link } from "../session/link.js";
import type { Logger } from "../session/logger.js";
import { Coordinator } from "./coordinator.js";
import { LeadLog } from "./lead-log.js";
import { makeId } from "./make-id.js";
import type { AcquireLimits, SemaphoreOptions } from "./options.js";
import { OutageLog } from "./outage-log.js";
import { type CheckedRedisConfig, checkRedis, type RedisOption } from "./redis-config.js";
import { partitionOf } from "./redis-partition.js";
import type { Semaphore } from "./semaphore.js";

const DEFAULT_HEARTBEAT_MS = 15_000;

/**
 * What the semaphores of a process share on one Redis: a session, three connections at most, and the readiness
 * to lead when nobody else does. One is made on demand and shared by equal options; make your own to close it:
 * `await using coordinator = new RedisCoordinator("redis://localhost:6379")`.
 */
export class RedisCoordinator extends Coordinator {
  /** @internal */
  override readonly limits: AcquireLimits;
  private readonly partition: RedisPartition;
  private readonly candidate: Candidate | undefined;
  private readonly outages: OutageLog;
  private readonly forget: () => void;

  /** Connects at once, and again whenever a connection is lost. @throws InvalidOptionError */
  constructor(redis?: RedisOption) {
    const config = checkRedis(redis);
    const partition = partitionOf(config);
    const outages = new OutageLog(config.logger);
    const link = new Link({
      uplink: partition.uplink,
      clock: systemClock,
      responseTimeoutMs: config.responseTimeoutMs,
      onUnanswered: ({ ledForMs }) => this.candidate?.urge(ledForMs),
      onKeepAlive: (wanted) => partition.keepAlive(wanted),
      onReach: (failure) => {
        outages.tell(failure);
        if (failure === undefined) this.candidate?.start();
      },
    });
    super({
      log: link,
      views: partition.views,
      history: partition.history,
      namespace: partition.namespace,
      distant: link,
      clock: systemClock,
      ids: makeId,
    });
    this.limits = {
      heartbeatMaxIntervalMs: Math.min(DEFAULT_HEARTBEAT_MS, config.failoverPauseMs),
      longestHeartbeatMs: config.failoverPauseMs,
    };
    this.partition = partition;
    this.outages = outages;
    this.candidate = config.embedded ? this.candidateOf(config, link) : undefined;
    // Nobody waits here any more: others need not wait for the lease to end.
    this.forget = onIdleProcess(() => void this.candidate?.rest());
  }

  override semaphore(options: SemaphoreOptions): Semaphore {
    const semaphore = super.semaphore(options);
    this.tellOutages(options.logger);
    return semaphore;
  }

  /** @internal Tells this logger, too, when Redis cannot be reached, and when it can again. */
  tellOutages(logger: Logger | undefined): void {
    this.outages.add(logger);
  }

  override async close(options: { readonly drainMs?: number | undefined } = {}): Promise<void> {
    await super.close(options);
    this.forget();
    // Whoever waits for this waits for the hand-over as well.
    this.partition.keepAlive(true);
    const stopped = this.candidate?.stop();
    // But not once more, where the session has waited in vain for a Redis that cannot be reached.
    if (this.outages.isOut) this.partition.close();
    await stopped;
    this.partition.close();
  }

  private candidateOf({ logger, retention }: CheckedRedisConfig, link: Link): Candidate {
    const leadLog = new LeadLog(logger);
    const failed = (error: unknown) => {
      if (error instanceof Error) link.leadFailure = error;
    };
    return new Candidate({
      lease: this.partition.lease,
      store: this.partition.store,
      clock: systemClock,
      retention,
      ids: makeId,
      isNeeded: () => this.session.isBusy,
      listener: {
        leads: (epoch) => leadLog.leads(epoch),
        stoodDown: (epoch: number, end: TermEnd) => {
          leadLog.stoodDown(epoch, end);
          if (end.reason === "failed") failed(end.error);
        },
        failed: (error) => {
          // Of an outage the link tells.
          if (!(error instanceof BackendUnavailableError)) leadLog.failed(error);
          failed(error);
        },
        follows: () => leadLog.follows(),
      },
    });
  }
}
