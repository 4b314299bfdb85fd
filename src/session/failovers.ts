/**
 * Tells telemetry that another process leads than before, and how long what was asked had to wait for it. Where
 * the change was over before anything was asked, that is an ordinary round trip.
 */

import { epochOf } from "../message-ids.js";
import type { Clock, Message } from "../ports.js";
import { sessionFailover } from "../telemetry.js";
import type { Written } from "./outbox.js";

export class Failovers {
  /** Of the leader that was heard last; 0 as long as nobody listens. */
  private epoch = 0;

  constructor(private readonly clock: Clock) {}

  /** @param oldest what was written first and had no answer when the message came */
  heard(message: Message | undefined, oldest: Written | undefined): void {
    if (!sessionFailover.hasSubscribers || message === undefined) return;
    const epoch = epochOf(message.id);
    const isOther = this.epoch > 0 && epoch > this.epoch;
    this.epoch = Math.max(epoch, this.epoch);
    if (!isOther || oldest === undefined) return;
    sessionFailover.publish({ epoch, durationMs: this.clock.now() - oldest.sentAt });
  }
}
