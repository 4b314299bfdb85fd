/** Renews a lease while its term goes on. When unsure that it leads, a leader doesn't. */

import type { Alarm, Clock, Lease, Term } from "../ports.js";

export interface TenureListener {
  /** @param at log time, or somewhat less, after `sentAt`, which is local. */
  renewed(sentAt: number, at: number): void;
  ended(reason: "fenced" | "unconfirmed"): void;
}

export class Tenure {
  private readonly renewal: Alarm;
  private readonly doubt: Alarm;
  private renewing = false;
  private stopped = false;

  /** @param claimedAt local time when the claim was sent. */
  constructor(
    private readonly lease: Pick<Lease, "renew">,
    private readonly clock: Clock,
    private readonly term: Term,
    claimedAt: number,
    private readonly listener: TenureListener,
  ) {
    this.renewal = clock.alarm(() => void this.renew());
    this.doubt = clock.alarm(() => this.end("unconfirmed"));
    this.confirm(claimedAt);
    this.renewal.set(claimedAt + term.leaseMs / 4);
  }

  stop(): void {
    this.stopped = true;
    this.renewal.clear();
    this.doubt.clear();
  }

  private async renew(): Promise<void> {
    const sentAt = this.clock.now();
    this.renewal.set(sentAt + this.term.leaseMs / 4);
    if (this.renewing) return;
    this.renewing = true;
    try {
      const at = await this.lease.renew(this.term);
      if (this.stopped) return;
      if (at === undefined) this.end("fenced");
      else this.renewed(sentAt, at);
    } catch {
      // Not confirmed: the next one may be, before the doubt prevails.
    } finally {
      this.renewing = false;
    }
  }

  private renewed(sentAt: number, at: number): void {
    this.confirm(sentAt);
    this.listener.renewed(sentAt, at);
  }

  private confirm(sentAt: number): void {
    this.doubt.set(sentAt + (this.term.leaseMs * 4) / 5);
  }

  private end(reason: "fenced" | "unconfirmed"): void {
    this.stop();
    this.listener.ended(reason);
  }
}
