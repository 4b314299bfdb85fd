/** Keeps figures as OpenTelemetry's metrics. */

import type {
  ObservableResult,
  Attributes as OtelAttributes,
  Meter as OtelMeter,
} from "@opentelemetry/api";
import { INSTRUMENTS, type Instrument } from "./instruments.js";
import type { Attributes, Meter } from "./measure.js";

type Record = (value: number, attributes: OtelAttributes) => void;

export class OpenTelemetryMeter implements Meter {
  private readonly records: ReadonlyMap<Instrument, Record>;

  constructor(private readonly meter: OtelMeter) {
    this.records = new Map(
      INSTRUMENTS.flatMap((instrument) => {
        const record = recordOf(meter, instrument);
        return record ? [[instrument, record]] : [];
      }),
    );
  }

  measure(instrument: Instrument, value: number, attributes: Attributes): void {
    this.records.get(instrument)?.(value, named(attributes));
  }

  watch(
    { name, unit, description }: Instrument,
    read: () => Iterable<[Attributes, number]>,
  ): () => void {
    const sum = this.meter.createObservableUpDownCounter(name, { unit, description });
    const tell = (result: ObservableResult) => {
      for (const [attributes, value] of read()) result.observe(value, named(attributes));
    };
    sum.addCallback(tell);
    return () => sum.removeCallback(tell);
  }
}

/** As OpenTelemetry wants it: what belongs to a library begins with its name. */
function named(attributes: Attributes): OtelAttributes {
  const all: OtelAttributes = {};
  for (const [name, value] of Object.entries(attributes)) all[`slotstream.${name}`] = value;
  return all;
}

/** `undefined` for what is read, not recorded. */
function recordOf(
  meter: OtelMeter,
  { name, kind, unit, description, bounds }: Instrument,
): Record | undefined {
  const options = { unit, description };
  switch (kind) {
    case "histogram": {
      const advice = { explicitBucketBoundaries: [...bounds] };
      const histogram = meter.createHistogram(name, { ...options, advice });
      return (value, attributes) => histogram.record(value, attributes);
    }
    case "counter": {
      const counter = meter.createCounter(name, options);
      return (value, attributes) => counter.add(value, attributes);
    }
    case "sum":
      return undefined;
  }
}
