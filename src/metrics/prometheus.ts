/**
 * Figures in Prometheus's text format: those of this process, and those of the fleet as they are when somebody
 * asks. Behind the endpoint of `slotstream reconciler` and `slotstream inspect`.
 */

import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { SemaphoreStats } from "../index.js";
import { INSTRUMENTS, type Instrument } from "./instruments.js";
import { type Attributes, type Meter, measure } from "./measure.js";

/** How full the semaphores of a fleet are, the fullest first: a coordinator can say it. */
export interface Fleet {
  stats(query: { readonly limit: number }): Promise<ReadonlyMap<string, SemaphoreStats>>;
}

/** So many semaphores are told of, the fullest: each is three series. */
const DEFAULT_LIMIT = 100;

type Record = (value: number, attributes: Attributes) => void;

export class PrometheusMetrics implements Meter, Disposable {
  private readonly registry = new Registry();
  private readonly records: ReadonlyMap<Instrument, Record>;
  private readonly gauges: FleetGauges;
  private readonly end: () => void;

  /** Measures at once, until it is disposed of. */
  constructor(
    private readonly fleet: Fleet,
    private readonly limit = DEFAULT_LIMIT,
  ) {
    this.records = new Map(
      INSTRUMENTS.flatMap((one) => {
        const record = recordOf(one, this.registry);
        return record ? [[one, record]] : [];
      }),
    );
    this.gauges = new FleetGauges(this.registry);
    this.end = measure(this);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  measure(instrument: Instrument, value: number, attributes: Attributes): void {
    this.records.get(instrument)?.(value, attributes);
  }

  watch(instrument: Instrument, read: () => Iterable<[Attributes, number]>): () => void {
    const gauge = new Gauge({
      ...commonOf(instrument, this.registry),
      collect: () => {
        gauge.reset();
        for (const [labels, value] of read()) gauge.set(labels, value);
      },
    });
    return () => this.registry.removeSingleMetric(prometheusName(instrument));
  }

  /** All figures. If the fleet doesn't answer, `slotstream_fleet_up` is 0 and its semaphores are left out. */
  async render(): Promise<string> {
    try {
      this.gauges.show(await this.fleet.stats({ limit: this.limit }));
    } catch {
      // Whoever scrapes is told by the 0; why it is so, the log of the process and /healthz say.
      this.gauges.show(undefined);
    }
    return this.registry.metrics();
  }

  [Symbol.dispose](): void {
    this.end();
  }
}

/** The whole fleet at the moment of the scrape, whoever holds and waits. */
class FleetGauges {
  private readonly up: Gauge;
  private readonly held: Gauge<"semaphore">;
  private readonly queued: Gauge<"semaphore">;
  private readonly slots: Gauge<"semaphore">;

  constructor(registry: Registry) {
    const gauge = (name: keyof typeof FLEET_GAUGES) =>
      new Gauge({
        name,
        help: FLEET_GAUGES[name],
        labelNames: ["semaphore"],
        registers: [registry],
      });
    this.held = gauge("slotstream_fleet_held");
    this.queued = gauge("slotstream_fleet_queued");
    this.slots = gauge("slotstream_fleet_slots");
    const name = "slotstream_fleet_up";
    this.up = new Gauge({ name, help: FLEET_GAUGES[name], registers: [registry] });
  }

  show(stats: ReadonlyMap<string, SemaphoreStats> | undefined): void {
    this.up.set(stats ? 1 : 0);
    for (const gauge of [this.held, this.queued, this.slots]) gauge.reset();
    for (const [semaphore, { acquiredSlots, maxSlots, queued }] of stats ?? []) {
      this.held.set({ semaphore }, acquiredSlots);
      this.queued.set({ semaphore }, queued);
      this.slots.set({ semaphore }, maxSlots);
    }
  }
}

export const FLEET_GAUGES = {
  slotstream_fleet_held: "Slots that anybody in the fleet holds.",
  slotstream_fleet_queued: "Acquires of the whole fleet that wait.",
  slotstream_fleet_slots: "How many slots the semaphore has now.",
  slotstream_fleet_up: "1 if the fleet could be asked, else 0.",
} as const;

/** By Prometheus's rules: `slotstream.wait.duration` in `s` is `slotstream_wait_duration_seconds`. */
export function prometheusName({ name, kind, unit }: Instrument): string {
  const base = name.replaceAll(".", "_");
  const named = unit === "s" ? `${base}_seconds` : base;
  return kind === "counter" ? `${named}_total` : named;
}

/** `undefined` for what is read, not recorded. */
function recordOf(instrument: Instrument, registry: Registry): Record | undefined {
  const common = commonOf(instrument, registry);
  switch (instrument.kind) {
    case "histogram": {
      const histogram = new Histogram({ ...common, buckets: [...instrument.bounds] });
      return (value, labels) => histogram.observe(labels, value);
    }
    case "counter": {
      const counter = new Counter(common);
      return (value, labels) => counter.inc(labels, value);
    }
    case "sum":
      return undefined;
  }
}

function commonOf(instrument: Instrument, registry: Registry) {
  const { description: help, attributes } = instrument;
  const name = prometheusName(instrument);
  return { name, help, labelNames: [...attributes], registers: [registry] };
}
