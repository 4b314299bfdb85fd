/** Renews a lease while its term goes on. When unsure that it leads, a leader doesn't. */

import type { Alarm, Clock, Lease, LogTime, Term } from "../ports.js";

export interface TenureListener {
  /** @param time at some moment after `sentAt`, which is local. */
  renewed(sentAt: number, time: LogTime): void;
  ended(reason: "fenced" | "unconfirmed"): void;
}

export class Tenure {
  private readonly renewal: Alarm;
  private readonly doubt: Alarm;
  private underWay: Promise<void> | undefined = undefined;
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

  /** Renews at once, to learn what time it is. Never rejects. */
  async look(): Promise<void> {
    await this.underWay;
    if (!this.stopped) await this.renew();
  }

  private renew(): Promise<void> {
    const sentAt = this.clock.now();
    this.renewal.set(sentAt + this.term.leaseMs / 4);
    this.underWay ??= this.ask(sentAt);
    return this.underWay;
  }

  private async ask(sentAt: number): Promise<void> {
    try {
      const time = await this.lease.renew(this.term);
      if (this.stopped) return;
      if (time === undefined) this.end("fenced");
      else this.renewed(sentAt, time);
    } catch {
      // Not confirmed: the next one may be, before the doubt prevails.
    } finally {
      this.underWay = undefined;
    }
  }

  private renewed(sentAt: number, time: LogTime): void {
    this.confirm(sentAt);
    this.listener.renewed(sentAt, time);
  }

  private confirm(sentAt: number): void {
    this.doubt.set(sentAt + (this.term.leaseMs * 4) / 5);
  }

  private end(reason: "fenced" | "unconfirmed"): void {
    this.stop();
    this.listener.ended(reason);
  }
}
