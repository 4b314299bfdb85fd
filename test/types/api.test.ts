/** The public types, as a user's compiler sees them. Checked by `tsc`; running it proves that the names exist. */

import { expectTypeOf, test } from "vitest";
import {
  type AcquireOptions,
  type AcquireTimeoutError,
  type Acquisition,
  type AcquisitionState,
  type Coordinator,
  type Event,
  type Explanation,
  type HistoryQuery,
  type Holder,
  type Logger,
  type LossReason,
  MemoryCoordinator,
  MemorySemaphore,
  type MemorySemaphoreOptions,
  type Replayed,
  readHistory,
  replay,
  type Semaphore,
  SemaphoreError,
  type SemaphoreErrorCode,
  type SemaphoreOptions,
  type SemaphoreStats,
  type StoredEntry,
  type Verification,
  verify,
  type Waiter,
} from "../../src/index.js";
import { TestCoordinator } from "../../src/testing.js";

/** Mentioned, never called: only the compiler reads it. */
const unrun = (_work: (semaphore: MemorySemaphore, slot: Acquisition) => void): void => {};

test("options: name and value, the rest may be left out", () => {
  expectTypeOf<{ name: string; value: number }>().toExtend<MemorySemaphoreOptions>();
  expectTypeOf<{ name: string }>().not.toExtend<SemaphoreOptions>();
  expectTypeOf<{ value: number }>().not.toExtend<SemaphoreOptions>();
  expectTypeOf<{ name: string; value: string }>().not.toExtend<SemaphoreOptions>();
  expectTypeOf<object>().toExtend<AcquireOptions>();
});

test("options: undefined is as good as absent, also with exactOptionalPropertyTypes", () => {
  const options = { ttlMs: undefined, metadata: undefined, signal: undefined, logger: undefined };
  expectTypeOf(options).toExtend<AcquireOptions>();
});

test("options: typos and what belongs elsewhere are errors", () => {
  unrun((semaphore) => {
    // @ts-expect-error: there is no option ttl
    new MemorySemaphore({ name: "api", value: 1, ttl: 5 });
    // @ts-expect-error: a signal belongs to an acquire
    new MemorySemaphore({ name: "api", value: 1, signal: AbortSignal.abort() });
    // @ts-expect-error: durations are numbers
    semaphore.acquire({ ttlMs: "1s" });
    // @ts-expect-error: the value belongs to the semaphore
    semaphore.acquire({ value: 2 });
    // @ts-expect-error: a controller is no signal
    semaphore.acquire({ signal: new AbortController() });
    // @ts-expect-error: metadata are strings
    semaphore.acquire({ metadata: { job: 7 } });
    // @ts-expect-error: it is reject or adopt
    semaphore.acquire({ onValueMismatch: "ignore" });
    // @ts-expect-error: it is force
    semaphore.revoke("id", { forced: true });
    // @ts-expect-error: a semaphore knows its own name
    semaphore.history({ semaphore: "other" });
  });
});

test("options: metadata and names may be readonly", () => {
  const metadata = { job: "7" } as const;
  expectTypeOf({ metadata }).toExtend<AcquireOptions>();
  expectTypeOf<typeof MemorySemaphore.getAcquiredStats>()
    .parameter(0)
    .toEqualTypeOf<
      | { readonly names?: readonly string[] | undefined; readonly limit?: number | undefined }
      | undefined
    >();
});

test("options: the console and anything shaped like pino are loggers", () => {
  expectTypeOf<Console>().toExtend<Logger>();
  interface Log {
    (details: unknown, message?: string, ...more: unknown[]): void;
    (message: string): void;
  }
  expectTypeOf<Record<"debug" | "info" | "warn" | "error", Log>>().toExtend<Logger>();
});

test("acquire() gives an acquisition, tryAcquire() one or null", () => {
  expectTypeOf<Semaphore["acquire"]>().returns.resolves.toEqualTypeOf<Acquisition>();
  expectTypeOf<Semaphore["tryAcquire"]>().returns.resolves.toEqualTypeOf<Acquisition | null>();
  expectTypeOf<Semaphore["acquire"]>().parameter(0).toEqualTypeOf<AcquireOptions | undefined>();
});

test("use() resolves with what its task gives, sync or async", () => {
  unrun((semaphore) => {
    expectTypeOf(semaphore.use(() => 7)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(semaphore.use(async () => "seven")).toEqualTypeOf<Promise<string>>();
    expectTypeOf(semaphore.use(({ slotNumber }) => ({ slotNumber }))).resolves.toEqualTypeOf<{
      slotNumber: number;
    }>();
    expectTypeOf(semaphore.use(() => {})).toEqualTypeOf<Promise<void>>();
    expectTypeOf(semaphore.use<number | string>(() => 7)).resolves.toEqualTypeOf<number | string>();
    semaphore.use((slot) => expectTypeOf(slot).toEqualTypeOf<Acquisition>());
    // @ts-expect-error: a task is a function
    semaphore.use("task");
  });
});

test("an acquisition can be read and released, and not written", () => {
  expectTypeOf<Acquisition>().toExtend<AsyncDisposable>();
  expectTypeOf<Acquisition["expiresAt"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<Acquisition["state"]>().toEqualTypeOf<AcquisitionState>();
  expectTypeOf<Acquisition["release"]>().returns.resolves.toEqualTypeOf<boolean>();
  expectTypeOf<Acquisition["history"]>().returns.toEqualTypeOf<AsyncIterable<Event>>();
  unrun((semaphore, slot) => {
    // @ts-expect-error: readonly
    slot.id = "other";
    // @ts-expect-error: readonly
    slot.slotNumber = 1;
    // @ts-expect-error: readonly
    slot.fencingToken = 1;
    // @ts-expect-error: readonly
    slot.state = "released";
    // @ts-expect-error: readonly
    semaphore.name = "other";
    // @ts-expect-error: readonly
    semaphore.value = 2;
  });
});

test("the views are data that cannot be written", () => {
  expectTypeOf<Semaphore["stats"]>().returns.resolves.toEqualTypeOf<SemaphoreStats>();
  expectTypeOf<Semaphore["holders"]>().returns.resolves.toEqualTypeOf<Holder[]>();
  expectTypeOf<Semaphore["waiters"]>().returns.resolves.toEqualTypeOf<Waiter[]>();
  expectTypeOf<Coordinator["stats"]>().returns.resolves.toEqualTypeOf<
    Map<string, SemaphoreStats>
  >();
  expectTypeOf<SemaphoreStats>().toEqualTypeOf<{
    readonly acquiredSlots: number;
    readonly maxSlots: number;
    readonly acquiredPercent: number;
    readonly queued: number;
  }>();
});

test("events can be told apart by their type", () => {
  const about = (event: Event) => {
    if (event.type === "granted") expectTypeOf(event.token).toEqualTypeOf<number>();
    if (event.type === "expired") {
      expectTypeOf(event.reason).toEqualTypeOf<"ttl" | "heartbeat" | "revoked" | "superseded">();
    }
  };
  expectTypeOf(about).returns.toBeVoid();
});

test("the history is asked by what events are, and by numbers or dates", () => {
  expectTypeOf({
    types: ["granted"],
    since: new Date(0),
    until: 7,
  } as const).toExtend<HistoryQuery>();
  expectTypeOf<Coordinator["history"]>().returns.toEqualTypeOf<AsyncIterable<Event>>();
  expectTypeOf<Coordinator["watch"]>().returns.toEqualTypeOf<AsyncIterable<Event>>();
  expectTypeOf<Semaphore["watch"]>().returns.toEqualTypeOf<AsyncIterable<Event>>();
  unrun((semaphore) => {
    // @ts-expect-error: there is no such event
    semaphore.history({ types: ["stolen"] });
    // @ts-expect-error: a time is a number or a date
    semaphore.history({ since: "03:12" });
    // @ts-expect-error: who watches looks ahead
    semaphore.watch({ reverse: true });
    // @ts-expect-error: a semaphore knows its own name
    semaphore.watch({ semaphore: "other" });
  });
});

test("what was can be rebuilt, from a coordinator or from the lines of a file", () => {
  expectTypeOf<Coordinator["replay"]>().returns.resolves.toEqualTypeOf<Replayed>();
  expectTypeOf<Coordinator["verify"]>().returns.resolves.toEqualTypeOf<Verification>();
  expectTypeOf<Coordinator["why"]>().returns.resolves.toEqualTypeOf<Explanation>();
  expectTypeOf<Coordinator["export"]>().returns.toExtend<AsyncIterable<string>>();
  expectTypeOf(readHistory).parameter(0).extract<AsyncIterable<string>>().not.toBeNever();
  expectTypeOf(replay).parameter(0).extract<AsyncIterable<StoredEntry>>().not.toBeNever();
  expectTypeOf(verify).returns.resolves.toEqualTypeOf<Verification>();
  expectTypeOf<Replayed["holders"]>().returns.toEqualTypeOf<Holder[]>();
});

test("errors have codes, and the fields that their messages speak of", () => {
  expectTypeOf<AcquireTimeoutError>().toExtend<SemaphoreError>();
  expectTypeOf<SemaphoreError["code"]>().toEqualTypeOf<SemaphoreErrorCode>();
  expectTypeOf<LossReason>().toEqualTypeOf<
    "ttl" | "heartbeat" | "revoked" | "closed" | "forgotten" | "superseded"
  >();
  expectTypeOf<AcquireTimeoutError["waitedMs"]>().toEqualTypeOf<number>();
  expectTypeOf<AcquireTimeoutError["positionAtMost"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf(SemaphoreError).toBeConstructibleWith("CLOSED", "why");
});

test("coordinators are closed at the end of a block, and make semaphores", () => {
  expectTypeOf<MemoryCoordinator>().toExtend<Coordinator>();
  expectTypeOf<TestCoordinator>().toExtend<Coordinator>();
  expectTypeOf<Coordinator>().toExtend<AsyncDisposable>();
  expectTypeOf<Coordinator["semaphore"]>().returns.toEqualTypeOf<Semaphore>();
  expectTypeOf(MemoryCoordinator).toBeConstructibleWith({ threads: "isolated" });
  expectTypeOf(TestCoordinator).toBeConstructibleWith({ startAt: 5 });
});
