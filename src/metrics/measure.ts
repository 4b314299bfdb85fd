/** From what is told on the channels to figures, for whatever keeps them: OpenTelemetry or Prometheus. */

import {
  type AcquisitionAsked,
  type AcquisitionEnded,
  acquisitionAsked,
  acquisitionEnded,
  acquisitionGranted,
  reconcilerCommitted,
  reconcilerTermEnded,
  sessionBlocked,
  sessionFailover,
} from "../telemetry.js";
import type { Attribute, Instrument } from "./instruments.js";
import * as instruments from "./instruments.js";
import { Subscriptions } from "./subscriptions.js";
import { Tally } from "./tally.js";

/** Values of the instrument's attributes. Ids never are among them: there would be no end of them. */
export type Attributes = Readonly<Partial<Record<Attribute, string>>>;

/** Keeps figures. */
export interface Meter {
  /** Counts, or records one value of a histogram. */
  measure(instrument: Instrument, value: number, attributes: Attributes): void;
  /** From now on a sum is what can be read there, whenever somebody asks for it. Returns what ends that. */
  watch(instrument: Instrument, read: () => Iterable<[Attributes, number]>): () => void;
}

/** Measures until the returned function is called. What the meter throws is dropped. */
export function measure(meter: Meter): () => void {
  const subscriptions = new Subscriptions();
  const lives = new Lives(meter);
  subscriptions.add(acquisitionAsked, (asked) => lives.begin(asked));
  subscriptions.add(acquisitionGranted, ({ asked, waitMs }) => lives.hold(asked, waitMs));
  subscriptions.add(acquisitionEnded, (ended) => lives.end(ended));
  subscriptions.add(sessionBlocked, ({ mode, blockedMs }) =>
    meter.measure(instruments.blocked, seconds(blockedMs), { mode }),
  );
  subscriptions.add(sessionFailover, ({ durationMs }) =>
    meter.measure(instruments.failover, seconds(durationMs), {}),
  );
  subscriptions.add(reconcilerCommitted, ({ commands, events, lagMs, durationMs }) => {
    meter.measure(instruments.reconcilerLag, seconds(lagMs), {});
    meter.measure(instruments.batchSize, commands, {});
    meter.measure(instruments.batchEvents, events, {});
    meter.measure(instruments.commitDuration, seconds(durationMs), {});
  });
  subscriptions.add(reconcilerTermEnded, ({ reason }) =>
    meter.measure(instruments.terms, 1, { reason }),
  );
  return () => {
    subscriptions.end();
    lives.forget();
  };
}

/** What waits and what is held. Only lives that were followed from the asking on count. */
class Lives {
  private readonly standing = new Map<AcquisitionAsked, Tally>();
  private readonly held = new Tally();
  private readonly queued = new Tally();
  private readonly ends: readonly (() => void)[];

  constructor(private readonly meter: Meter) {
    this.ends = [
      meter.watch(instruments.held, () => this.held.read()),
      meter.watch(instruments.queued, () => this.queued.read()),
    ];
  }

  begin(asked: AcquisitionAsked): void {
    this.enter(asked, this.queued);
  }

  hold(asked: AcquisitionAsked, waitMs: number): void {
    if (!this.leave(asked)) return;
    this.enter(asked, this.held);
    const { semaphore, mode } = asked;
    const attributes = { semaphore, mode, outcome: "granted" };
    this.meter.measure(instruments.waitDuration, seconds(waitMs), attributes);
  }

  end({ asked, outcome, reason, waitMs, holdMs }: AcquisitionEnded): void {
    if (!this.leave(asked)) return;
    const { semaphore, mode } = asked;
    const [instrument, ms] =
      holdMs === undefined
        ? [instruments.waitDuration, waitMs]
        : [instruments.holdDuration, holdMs];
    this.meter.measure(instrument, seconds(ms), { semaphore, mode, outcome });
    if (outcome === "released" || reason === undefined) return;
    this.meter.measure(ENDINGS[outcome], 1, { semaphore, mode, reason });
  }

  forget(): void {
    for (const end of this.ends) end();
  }

  private enter(asked: AcquisitionAsked, where: Tally): void {
    this.standing.set(asked, where);
    where.add(asked, 1);
  }

  /** `false` if it was asked for before anything was measured. */
  private leave(asked: AcquisitionAsked): boolean {
    const where = this.standing.get(asked);
    this.standing.delete(asked);
    where?.add(asked, -1);
    return where !== undefined;
  }
}

const ENDINGS = {
  expired: instruments.expired,
  lost: instruments.lost,
  abandoned: instruments.abandoned,
};

function seconds(ms: number): number {
  return ms / 1_000;
}
