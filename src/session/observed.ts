/**
 * Tells telemetry of one acquisition, as its process lives through it. There is one only where somebody
 * listened when the slot was asked for, so subscribers hear whole lives.
 */

import type { Clock } from "../ports.js";
import {
  type AbandonReason,
  type AcquisitionAsked,
  acquisitionAsked,
  acquisitionEnded,
  acquisitionGranted,
  type Ending,
  moment,
  type TelemetryMode,
} from "../telemetry.js";
import type { AcquireRequest, Acquisition } from "./acquisition.js";

/** What is told of it at its grant. */
interface Granted extends Pick<Acquisition, "id" | "slotNumber" | "fencingToken"> {
  readonly positionAtMost: number | undefined;
}

export class Observed {
  private readonly asked: AcquisitionAsked;
  private readonly askedAt: number;
  private grantedAt: number | undefined = undefined;
  private isOver = false;

  constructor(
    id: string,
    { semaphore, value, terms }: AcquireRequest,
    mode: TelemetryMode,
    private readonly clock: Clock,
  ) {
    this.asked = { id, semaphore, value, mode, noWait: terms.noWait === true };
    this.askedAt = moment(clock);
    acquisitionAsked.publish(this.asked);
  }

  granted({ id, slotNumber, fencingToken, positionAtMost }: Granted): void {
    this.grantedAt = moment(this.clock);
    acquisitionGranted.publish({
      asked: this.asked,
      acquisition: id,
      slot: slotNumber,
      token: fencingToken,
      position: positionAtMost,
      waitMs: this.grantedAt - this.askedAt,
    });
  }

  abandoned(acquisition: string, reason: AbandonReason): void {
    this.ended(acquisition, { outcome: "abandoned", reason });
  }

  /** Only the first end counts: what the log says later is no news to its user. */
  ended(acquisition: string, { outcome, reason }: Ending): void {
    if (this.isOver) return;
    this.isOver = true;
    const { asked, askedAt, grantedAt } = this;
    const now = moment(this.clock);
    acquisitionEnded.publish({
      asked,
      acquisition,
      outcome,
      reason,
      waitMs: (grantedAt ?? now) - askedAt,
      holdMs: grantedAt === undefined ? undefined : now - grantedAt,
    });
  }
}

/** Somebody wants to hear of acquisitions. */
export function isObserved(): boolean {
  return (
    acquisitionAsked.hasSubscribers ||
    acquisitionGranted.hasSubscribers ||
    acquisitionEnded.hasSubscribers
  );
}
