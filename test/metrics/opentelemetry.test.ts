/** Metrics and spans as the real SDK of OpenTelemetry gets them. */

import { context, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { INSTRUMENTS } from "../../src/metrics/instruments.js";
import { type InstrumentOptions, instrument } from "../../src/metrics/opentelemetry.js";
import { TestCoordinator } from "../../src/testing.js";
import { settled } from "./support.js";

/** An SDK that keeps what it gets, instrumented until the test ends. */
class Sdk {
  readonly coordinator = new TestCoordinator();
  readonly uninstrument: () => void;
  readonly tracerProvider: BasicTracerProvider;
  private readonly spans = new InMemorySpanExporter();
  private readonly exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  private readonly meterProvider: MeterProvider;

  constructor(options: InstrumentOptions = {}) {
    const reader = new PeriodicExportingMetricReader({ exporter: this.exporter });
    this.meterProvider = new MeterProvider({ readers: [reader] });
    const spanProcessors = [new SimpleSpanProcessor(this.spans)];
    this.tracerProvider = new BasicTracerProvider({ spanProcessors });
    const { meterProvider: metrics, tracerProvider: traces } = this;
    this.uninstrument = instrument({ metrics, traces, ...options });
    onTestFinished(async () => {
      this.uninstrument();
      await this.meterProvider.shutdown();
    });
  }

  semaphore(options = {}) {
    return this.coordinator.semaphore({ name: "api", value: 1, ...options });
  }

  get ended() {
    return this.spans.getFinishedSpans();
  }

  async metrics() {
    await this.meterProvider.forceFlush();
    const [scope] = this.exporter.getMetrics().at(-1)?.scopeMetrics ?? [];
    return scope?.metrics ?? [];
  }

  /** Of one metric: its attributes, with the value, or with count and sum. */
  async points(name: string): Promise<object[]> {
    const metric = (await this.metrics()).find(({ descriptor }) => descriptor.name === name);
    return (metric?.dataPoints ?? []).map(({ attributes, value }) =>
      typeof value === "object"
        ? { ...attributes, count: value.count, sum: value.sum }
        : { ...attributes, value },
    );
  }
}

const API = { "slotstream.semaphore": "api", "slotstream.mode": "memory" };
const outcome = (name: string) => ({ ...API, "slotstream.outcome": name });
const reason = (name: string) => ({ ...API, "slotstream.reason": name });

describe("metrics", () => {
  test("tell how long it took to get a slot, and how long it was held, in seconds", async () => {
    const sdk = new Sdk();
    const first = await sdk.semaphore().acquire();
    const second = sdk.semaphore().acquire();
    sdk.coordinator.clock.advance(1_500);
    await first.release();
    await second;
    expect(await sdk.points("slotstream.wait.duration")).toEqual([
      { ...outcome("granted"), count: 2, sum: 1.5 },
    ]);
    expect(await sdk.points("slotstream.hold.duration")).toEqual([
      { ...outcome("released"), count: 1, sum: 1.5 },
    ]);
  });

  test("tell what is held and waited for", async () => {
    const sdk = new Sdk();
    const held = await sdk.semaphore().acquire();
    const waiting = [sdk.semaphore().acquire(), sdk.semaphore().acquire()];
    expect(await sdk.points("slotstream.held")).toEqual([{ ...API, value: 1 }]);
    expect(await sdk.points("slotstream.queued")).toEqual([{ ...API, value: 2 }]);
    await held.release();
    for (const one of waiting) await (await one).release();
    expect(await sdk.points("slotstream.held")).toEqual([{ ...API, value: 0 }]);
    expect(await sdk.points("slotstream.queued")).toEqual([{ ...API, value: 0 }]);
  });

  test("count what expired, was lost and was abandoned, by the reason", async () => {
    const sdk = new Sdk();
    const { clock } = sdk.coordinator;
    await sdk.semaphore({ ttlMs: 10 }).acquire();
    clock.advance(10);
    const revoked = await sdk.semaphore().acquire();
    await sdk.semaphore().revoke(revoked.id);
    await sdk.semaphore().acquire();
    const late = sdk.semaphore({ maxAcquireTimeMs: 5 }).acquire();
    const cancelled = new AbortController();
    const unwanted = sdk.semaphore().acquire({ signal: cancelled.signal });
    cancelled.abort();
    clock.advance(5);
    await settled(late, unwanted);
    await sdk.semaphore().tryAcquire();
    await sdk.coordinator.close();
    expect(await sdk.points("slotstream.expired")).toEqual([
      { ...reason("ttl"), value: 1 },
      { ...reason("revoked"), value: 1 },
    ]);
    expect(await sdk.points("slotstream.lost")).toEqual([{ ...reason("closed"), value: 1 }]);
    expect(await sdk.points("slotstream.abandoned")).toEqual([
      { ...reason("cancelled"), value: 1 },
      { ...reason("timeout"), value: 1 },
      { ...reason("busy"), value: 1 },
    ]);
  });

  test("have the units that are declared", async () => {
    const sdk = new Sdk();
    await (await sdk.semaphore().acquire()).release();
    const units = new Map(INSTRUMENTS.map(({ name, unit }) => [name, unit]));
    const told = (await sdk.metrics()).map(({ descriptor }) => descriptor);
    expect(told.length).toBeGreaterThan(3);
    expect(told.map(({ name, unit }) => [name, unit])).toEqual(
      told.map(({ name }) => [name, units.get(name)]),
    );
  });

  test("never have an id among their attributes", async () => {
    const sdk = new Sdk();
    for (let i = 0; i < 5; i++) await (await sdk.semaphore().acquire()).release();
    const points = await sdk.points("slotstream.wait.duration");
    expect(points).toEqual([{ ...outcome("granted"), count: 5, sum: 0 }]);
    const free = INSTRUMENTS.flatMap(({ attributes }) => attributes);
    expect(new Set(free)).toEqual(new Set(["semaphore", "mode", "outcome", "reason"]));
  });

  test("tell nothing more of what is held where the measuring ends in the middle", async () => {
    const sdk = new Sdk();
    await sdk.semaphore().acquire();
    sdk.uninstrument();
    expect(await sdk.points("slotstream.held")).toEqual([]);
  });
});

describe("a span", () => {
  const manager = new AsyncLocalStorageContextManager();

  beforeAll(() => {
    context.setGlobalContextManager(manager.enable());
  });
  afterAll(() => {
    context.disable();
  });

  /** Runs it as part of a span of the user's. */
  async function within<T>(sdk: Sdk, task: () => Promise<T>): Promise<[T, Span]> {
    const span = sdk.tracerProvider.getTracer("user").startSpan("request");
    return [await context.with(trace.setSpan(context.active(), span), task), span];
  }

  test("is part of what its user does, from the asking to the end", async () => {
    const sdk = new Sdk();
    const [slot, request] = await within(sdk, () => sdk.semaphore().acquire());
    expect(sdk.ended).toEqual([]);
    await slot.release();
    const [span] = sdk.ended;
    expect(span?.name).toBe("slotstream.acquisition");
    expect(span?.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    expect(span?.attributes).toEqual({
      ...API,
      "slotstream.value": 1,
      "slotstream.acquisition": slot.id,
      "slotstream.slot": 0,
      "slotstream.fencing_token": slot.fencingToken,
      "slotstream.position": 1,
      "slotstream.outcome": "released",
    });
    expect(span?.events.map(({ name }) => name)).toEqual(["granted"]);
    expect(span?.status).toEqual({ code: SpanStatusCode.UNSET });
  });

  test("is one where nothing was active", async () => {
    const sdk = new Sdk();
    await (await sdk.semaphore().acquire()).release();
    expect(sdk.ended.map(({ parentSpanContext }) => parentSpanContext)).toEqual([undefined]);
  });

  test("failed when the slot was lost", async () => {
    const sdk = new Sdk();
    await sdk.semaphore({ ttlMs: 10 }).acquire();
    sdk.coordinator.clock.advance(10);
    const [span] = sdk.ended;
    expect(span?.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: "the slot was lost: ttl",
    });
    expect(span?.events.map(({ name }) => name)).toEqual(["granted", "lost"]);
    expect(span?.attributes).toMatchObject({
      "slotstream.outcome": "expired",
      "slotstream.reason": "ttl",
    });
  });

  test("did not fail when nobody waited any more", async () => {
    const sdk = new Sdk();
    await sdk.semaphore().acquire();
    await sdk.semaphore().tryAcquire();
    const [span] = sdk.ended;
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
    expect(span?.events).toEqual([]);
    expect(span?.attributes).toMatchObject({ "slotstream.reason": "busy" });
  });

  test("ends with the tracing", async () => {
    const sdk = new Sdk();
    const slot = await sdk.semaphore().acquire();
    sdk.uninstrument();
    await slot.release();
    expect(sdk.ended).toHaveLength(1);
    expect(sdk.ended[0]?.attributes).not.toHaveProperty("slotstream.outcome");
  });
});

describe("what is chosen", () => {
  test("metrics only", async () => {
    const sdk = new Sdk({ traces: false });
    await (await sdk.semaphore().acquire()).release();
    expect(sdk.ended).toEqual([]);
    expect(await sdk.points("slotstream.hold.duration")).toHaveLength(1);
  });

  test("traces only", async () => {
    const sdk = new Sdk({ metrics: false });
    await (await sdk.semaphore().acquire()).release();
    expect(sdk.ended).toHaveLength(1);
    expect(await sdk.metrics()).toEqual([]);
  });

  test("nothing more after it was ended, and to end it twice does no harm", async () => {
    const sdk = new Sdk();
    sdk.uninstrument();
    sdk.uninstrument();
    await (await sdk.semaphore().acquire()).release();
    expect(sdk.ended).toEqual([]);
    expect(await sdk.metrics()).toEqual([]);
  });

  test.each([
    [{ metrics: 1 }, /^metrics must be a provider with getMeter\(\), or false\. Leave it out/],
    [{ traces: {} }, /^traces must be a provider with getTracer\(\), or false\. Leave it out/],
    [{ meters: false }, /^there is no option meters\. There are: metrics, traces\./],
  ])("and not %o", (options: object, message) => {
    expect(() => instrument(options)).toThrow(message);
    expect(() => instrument(options)).toThrow(
      expect.objectContaining({ name: "InvalidOptionError" }),
    );
  });
});

test("an SDK that throws does no harm to a semaphore, and is no uncaught exception", async () => {
  const broken = () => {
    throw new Error("out of order");
  };
  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  process.on("uncaughtException", note);
  onTestFinished(() => void process.off("uncaughtException", note));
  const sdk = new Sdk({
    traces: { getTracer: () => ({ startSpan: broken, startActiveSpan: broken }) },
  });
  const slot = await sdk.semaphore().acquire();
  expect(await slot.release()).toBe(true);
  // Whatever a publisher throws, Node would throw again in the next tick.
  await new Promise((resolve) => setImmediate(resolve));
  expect(uncaught).toEqual([]);
  expect(await sdk.points("slotstream.hold.duration")).toHaveLength(1);
});
