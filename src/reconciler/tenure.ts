/** Renews a lease while its term goes on. When unsure that it leads, a leader doesn't. */

import type { Alarm, Clock, Lease, LogTime, Term } from "../ports.js";

export interface TenureListener {
  /** @param time at some moment after `sentAt`, which is local. */
  renewed(sentAt: number, time: LogTime): void;
  ended(reason: "fenced" | "unconfirmed"): void;
}

/** Somebody must know what time it is. */
interface Look {
  /** A renewal was sent since. */
  isSent: boolean;
  readonly resolve: (isConfirmed: boolean) => void;
}

export class Tenure {
  private readonly renewal: Alarm;
  private readonly doubt: Alarm;
  private renewing = false;
  private readonly looks: Look[] = [];
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
    for (const { resolve } of this.looks.splice(0)) resolve(false);
  }

  /** Renews at once, to learn what time it is. Resolves with whether it did so, when it did or the term ended. */
  look(): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.stopped) return resolve(false);
      this.looks.push({ isSent: false, resolve });
      if (!this.renewing) void this.renew();
    });
  }

  private async renew(): Promise<void> {
    const sentAt = this.clock.now();
    this.renewal.set(sentAt + this.term.leaseMs / 4);
    if (this.renewing) return;
    this.renewing = true;
    for (const look of this.looks) look.isSent = true;
    let isConfirmed = false;
    try {
      const time = await this.lease.renew(this.term);
      if (this.stopped) return;
      if (time === undefined) return this.end("fenced");
      this.renewed(sentAt, time);
      isConfirmed = true;
    } catch {
      // Not confirmed: the next one may be, before the doubt prevails.
    } finally {
      this.renewing = false;
      this.looked(isConfirmed);
    }
  }

  /** Answers those who asked before the renewal was sent; the others need one more. */
  private looked(isConfirmed: boolean): void {
    const looks = this.looks.splice(0);
    this.looks.push(...looks.filter(({ isSent }) => !isSent));
    for (const { isSent, resolve } of looks) if (isSent) resolve(isConfirmed);
    if (this.looks.length > 0) void this.renew();
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
