/** Tells telemetry of each batch that a leader has decided, once it is stored. Idle while nobody listens. */

import { logTimeOf } from "../log-time.js";
import type { Clock, Commit, ReadEntry } from "../ports.js";
import { moment, type ReconcilerCommitted, reconcilerCommitted } from "../telemetry.js";

interface UnderWay extends Omit<ReconcilerCommitted, "durationMs"> {
  readonly number: number;
  readonly decidedAt: number;
}

export class CommitWatch {
  /** Oldest first. */
  private readonly underWay: UnderWay[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly epoch: number,
    /** Log time now, or somewhat less. */
    private readonly logTime: () => number,
  ) {}

  /** It follows from these entries, and from commands of the leader's own. */
  decided({ number, seq, history }: Commit, commands: number, read: readonly ReadEntry[]): void {
    if (!reconcilerCommitted.hasSubscribers) return;
    const [oldest] = read;
    this.underWay.push({
      number,
      epoch: this.epoch,
      entries: read.length,
      commands,
      events: seq - history.seq + 1,
      lagMs: oldest ? Math.max(0, this.logTime() - logTimeOf(oldest.id)) : 0,
      decidedAt: moment(this.clock),
    });
  }

  /** Up to this number, commits are stored. */
  confirmed(upTo: number): void {
    for (let next = this.underWay[0]; next && next.number <= upTo; next = this.underWay[0]) {
      this.underWay.shift();
      const { number: _, decidedAt, ...told } = next;
      reconcilerCommitted.publish({ ...told, durationMs: moment(this.clock) - decidedAt });
    }
  }
}
