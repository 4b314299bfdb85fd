/**
 * Metrics and traces by OpenTelemetry. Needs `@opentelemetry/api`, which the application has that exports
 * them. Exported as `slotstream/opentelemetry`.
 */

import {
  type MeterProvider,
  metrics as metricsApi,
  type TracerProvider,
  trace as traceApi,
} from "@opentelemetry/api";
import { InvalidOptionError } from "../index.js";
import { checkKeys } from "../semaphore/options.js";
import { measure } from "./measure.js";
import { OpenTelemetryMeter } from "./otel-meter.js";
import { trace } from "./spans.js";

export interface InstrumentOptions {
  /** Where metrics go; `false` for none. Default: what the application has registered. */
  readonly metrics?: MeterProvider | false | undefined;
  /** Where spans go; `false` for none. Default: what the application has registered. */
  readonly traces?: TracerProvider | false | undefined;
}

const SCOPE = "slotstream";

/**
 * From now on, what this thread acquires, and decides where it leads, is measured and traced. Comes after the SDK was
 * set up, and before the first acquire: what was asked for earlier is left out. Returns what ends it, and the open spans.
 * What the SDK throws never reaches a semaphore.
 *
 * @example
 * const uninstrument = instrument();
 *
 * @throws InvalidOptionError
 */
export function instrument(options: InstrumentOptions = {}): () => void {
  checkKeys(options, ["metrics", "traces"]);
  const { metrics, traces } = options;
  checkProvider("metrics", "getMeter", metrics);
  checkProvider("traces", "getTracer", traces);
  const ends: (() => void)[] = [];
  if (metrics !== false) {
    const meter = (metrics ?? metricsApi).getMeter(SCOPE);
    ends.push(measure(new OpenTelemetryMeter(meter)));
  }
  if (traces !== false) ends.push(trace((traces ?? traceApi).getTracer(SCOPE)));
  return () => {
    for (const end of ends.splice(0)) end();
  };
}

function checkProvider(option: string, method: string, provider: unknown): void {
  if (provider === undefined || provider === false) return;
  if (typeof Object(provider)[method] === "function") return;
  const remedy = "Leave it out for what the application has registered, or pass false for none.";
  throw new InvalidOptionError(
    option,
    `${option} must be a provider with ${method}(), or false. ${remedy}`,
  );
}
