// @ts-check
// The ways to watch a coordinator: with the real SDK of OpenTelemetry, whose exports go nowhere, with XState's
// actors, and with the inspector.

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { instrument } from "slotstream/opentelemetry";
import { attach } from "./onlooker.js";

export const INSPECTOR = "an inspector, with a reader";
export const ACTORS = "inspect: XState actors";

// Those that listen to the whole process: one at a time can be on.
const TELEMETRY = ["nothing", "a subscriber", "metrics", "traces", "metrics and traces"];
export const WAYS = [...TELEMETRY, INSPECTOR, ACTORS];

const CHANNELS = ["asked", "granted", "ended"].map((name) => `slotstream:acquisition:${name}`);

/** The options of a semaphore that is watched so. @param {string} way */
export function optionsOf(way) {
  return way === ACTORS ? { inspect: () => {} } : {};
}

/** @type {(way: string, coordinator: import("slotstream").Coordinator) => ReturnType<typeof attach>} */
export async function attachTo(way, coordinator) {
  if (way === INSPECTOR) return attach(coordinator);
  return { settle: async () => {}, end: async () => {} };
}

/**
 * @param {string} way
 * @returns {() => Promise<void> | void} ends it
 */
export function observe(way) {
  switch (way) {
    case "a subscriber":
      return listen();
    case "metrics":
    case "traces":
    case "metrics and traces":
      return export_(way.includes("metrics"), way.includes("traces"));
    default:
      return () => {};
  }
}

function listen() {
  const hear = () => {};
  for (const name of CHANNELS) subscribe(name, hear);
  return () => {
    for (const name of CHANNELS) unsubscribe(name, hear);
  };
}

/** @param {boolean} hasMetrics @param {boolean} hasTraces */
function export_(hasMetrics, hasTraces) {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const readers = [new PeriodicExportingMetricReader({ exporter })];
  const metrics = hasMetrics ? new MeterProvider({ readers }) : undefined;
  const spanProcessors = [
    new BatchSpanProcessor({ export: exportNowhere, shutdown: async () => {} }),
  ];
  const traces = hasTraces ? new BasicTracerProvider({ spanProcessors }) : undefined;
  const uninstrument = instrument({ metrics: metrics ?? false, traces: traces ?? false });
  return async () => {
    uninstrument();
    await Promise.all([metrics?.shutdown(), traces?.shutdown()]);
  };
}

/** @param {unknown} _spans @param {(result: { code: number }) => void} done */
function exportNowhere(_spans, done) {
  done({ code: 0 });
}
