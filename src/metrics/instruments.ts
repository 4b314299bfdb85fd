/**
 * All that is measured: names, units, attributes. OpenTelemetry has them as they stand here; Prometheus has
 * them by its own rules (`prometheusName`). docs/guides/observability.md explains each.
 */

/** The only one whose values are free is the semaphore's name. */
export type Attribute = "semaphore" | "mode" | "outcome" | "reason";

export interface Instrument {
  readonly name: string;
  /** `sum` goes up and down, and is read when somebody asks. */
  readonly kind: "histogram" | "counter" | "sum";
  /** As UCUM writes it: `s`, or `{what}` for a count of these. */
  readonly unit: string;
  readonly attributes: readonly Attribute[];
  readonly description: string;
  /** Upper bounds of a histogram, in its unit. */
  readonly bounds: readonly number[];
}

/** In seconds: from a round trip in memory to a queue of half an hour. */
const DURATIONS = [
  ...[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5],
  ...[1, 2.5, 5, 10, 30, 60, 300, 1800],
];
const COUNTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

/** Conventions of OpenTelemetry: durations are in seconds. */
function duration(name: string, attributes: readonly Attribute[], description: string): Instrument {
  return { name, kind: "histogram", unit: "s", attributes, description, bounds: DURATIONS };
}

function sizes(name: string, unit: string, description: string): Instrument {
  return { name, kind: "histogram", unit, attributes: [], description, bounds: COUNTS };
}

function count(
  kind: "counter" | "sum",
  name: string,
  unit: string,
  attributes: readonly Attribute[],
  description: string,
): Instrument {
  return { name, kind, unit, attributes, description, bounds: [] };
}

const ACQUISITION = "{acquisition}";

export const waitDuration = duration(
  "slotstream.wait.duration",
  ["semaphore", "mode", "outcome"],
  "How long acquires waited, until they were granted or abandoned.",
);
export const holdDuration = duration(
  "slotstream.hold.duration",
  ["semaphore", "mode", "outcome"],
  "How long slots were held, until they were released, expired or lost.",
);
export const held = count(
  "sum",
  "slotstream.held",
  ACQUISITION,
  ["semaphore", "mode"],
  "Slots that this process holds.",
);
export const queued = count(
  "sum",
  "slotstream.queued",
  ACQUISITION,
  ["semaphore", "mode"],
  "Acquires of this process that wait.",
);
export const expired = count(
  "counter",
  "slotstream.expired",
  ACQUISITION,
  ["semaphore", "mode", "reason"],
  "Slots that were taken back while they were held.",
);
export const abandoned = count(
  "counter",
  "slotstream.abandoned",
  ACQUISITION,
  ["semaphore", "mode", "reason"],
  "Acquires that ended without a slot.",
);
export const lost = count(
  "counter",
  "slotstream.lost",
  ACQUISITION,
  ["semaphore", "mode", "reason"],
  "Slots that were lost with their coordinator or with the data in Redis.",
);
export const blocked = duration(
  "slotstream.blocked",
  ["mode"],
  "How long the event loop was blocked when a heartbeat came late.",
);
export const failover = duration(
  "slotstream.failover",
  [],
  "How long the oldest command without an answer had to wait for a new leader.",
);
export const reconcilerLag = duration(
  "slotstream.reconciler.lag",
  [],
  "How old the oldest entry of a batch was when this process decided it.",
);
export const batchSize = sizes(
  "slotstream.reconciler.batch.size",
  "{command}",
  "Commands in a batch that this process decided.",
);
export const batchEvents = sizes(
  "slotstream.reconciler.batch.events",
  "{event}",
  "Events that followed from a batch.",
);
export const commitDuration = duration(
  "slotstream.reconciler.commit.duration",
  [],
  "From the decision of a batch until Redis had stored it.",
);
export const terms = count(
  "counter",
  "slotstream.reconciler.terms",
  "{term}",
  ["reason"],
  "Terms of this process as the leader that ended.",
);

export const INSTRUMENTS: readonly Instrument[] = [
  ...[waitDuration, holdDuration, held, queued, expired, abandoned, lost, blocked, failover],
  ...[reconcilerLag, batchSize, batchEvents, commitDuration, terms],
];
