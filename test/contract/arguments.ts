/**
 * Options and arguments that cannot work: refused with an error that says what, why and the remedy,
 * and nothing happens.
 */

import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { InvalidOptionError, type SemaphoreOptions } from "../../src/index.js";
import { type Backend, Given } from "./backend.js";

type Wrong = Record<string, unknown>;

/** What is wrong, the option that is named, and what its message says besides. */
type Case = readonly [wrong: Wrong, option: string, message: string];

const OF_A_SEMAPHORE: Case[] = [
  ...[0, -1, 1.5, 1e9, Number.NaN, Infinity, "3", null, undefined, 3n].map(
    (value): Case => [{ value }, "value", "value must be a whole number from 1 to 1000000, but is"],
  ),
  ...["", undefined, null, 7, ["api"], Symbol("api")].map(
    (name): Case => [{ name }, "name", "name must be a string that is not empty, but is"],
  ),
  ...["a\nb", "a\u0000", "\u007f"].map(
    (name): Case => [{ name }, "name", "name must not contain control characters, but is"],
  ),
  [{ name: "x".repeat(513) }, "name", "name must have at most 512 bytes"],
  [{ name: "é".repeat(257) }, "name", "name must have at most 512 bytes"],
  [{ signal: new AbortController().signal }, "signal", "there is no option signal"],
];

const OF_BOTH: Case[] = [
  ...(["ttlMs", "maxAcquireTimeMs"] as const).flatMap((option) =>
    [0, -1, 0.5, Number.NaN, Infinity, 2 ** 53, "1s", null, {}].map(
      (ms): Case => [{ [option]: ms }, option, `${option} must be a number of milliseconds`],
    ),
  ),
  ...[499, 0, Number.NaN, Infinity, "15000"].map(
    (ms): Case => [
      { heartbeatMaxIntervalMs: ms },
      "heartbeatMaxIntervalMs",
      "at least 500, but is",
    ],
  ),
  ...[-1, 1.5, Infinity, Number.NaN, "1", null].map(
    (size): Case => [{ maxQueueSize: size }, "maxQueueSize", "Leave it out for no limit"],
  ),
  ...["x", true, null, 1].map(
    (choice): Case => [
      { onValueMismatch: choice },
      "onValueMismatch",
      'onValueMismatch must be "reject" or "adopt", but is',
    ],
  ),
  ...[
    { text: "x".repeat(1025 - '{"text":""}'.length) },
    { text: "é".repeat(512) },
    { job: 7 },
    { job: undefined },
    { job: { nested: "yes" } },
    ["job"],
    "job",
    null,
    Object.assign(Object.create(null), { job: ["1", "2"] }),
  ].map((metadata): Case => [{ metadata }, "metadata", "metadata must be an object of strings"]),
  ...["loud", {}, null, { debug: () => {} }].map(
    (logger): Case => [{ logger }, "logger", "logger"],
  ),
  ...["all", null, 7].map((observer): Case => [{ inspect: observer }, "inspect", "inspect"]),
  [{ ttl: 1_000 }, "ttl", "there is no option ttl. Did you mean ttlMs?"],
  [{ ttlms: 1_000 }, "ttlms", "there is no option ttlms. Did you mean ttlMs?"],
  [{ maxAcquireTime: 5 }, "maxAcquireTime", "Did you mean maxAcquireTimeMs?"],
  [{ timeout: 5 }, "timeout", "there is no option timeout. There are: "],
];

const OF_AN_ACQUIRE: Case[] = [
  [{ value: 2 }, "value", "there is no option value"],
  [{ name: "other" }, "name", "there is no option name"],
  ...[new AbortController(), {}, "now", null].map(
    (signal): Case => [{ signal }, "signal", "signal"],
  ),
];

const IDS: unknown[] = ["", "a\nb", undefined, null, 7, {}];

/** E.g. `{ value: '3' }`. */
function shown(wrong: Wrong): string {
  const text = inspect(wrong, { breakLength: Infinity, depth: 1 });
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const titled = (cases: readonly Case[]) => cases.map((one) => [shown(one[0]), ...one] as const);

/** What plain JavaScript may pass, whatever the types say. */
const unchecked = <T>(value: unknown): T => value as T;

function expectInvalid(error: unknown, option: string, message: string): void {
  expect(error).toBeInstanceOf(InvalidOptionError);
  expect(error).toMatchObject({ code: "INVALID_OPTION", name: "InvalidOptionError", option });
  expect(error).toHaveProperty("message", expect.stringContaining(message));
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** A promise in any case: `work` must not throw. */
function rejectionOf(work: () => Promise<unknown>): Promise<unknown> {
  return work().then(
    () => undefined,
    (error) => error,
  );
}

export function refusing(backend: Backend): void {
  const given = new Given(backend);

  describe("a semaphore is not made with", () => {
    it.each(titled([...OF_A_SEMAPHORE, ...OF_BOTH]))("%s", async (_, wrong, option, message) => {
      const coordinator = await given.coordinator();
      const options: SemaphoreOptions = Object.assign({ name: "invalid", value: 1 }, wrong);
      expectInvalid(
        thrownBy(() => coordinator.semaphore(options)),
        option,
        message,
      );
    });
  });

  describe("acquire(), tryAcquire() and use() reject, and nothing happened, with", () => {
    it.each(titled([...OF_AN_ACQUIRE, ...OF_BOTH]))("%s", async (_, wrong, option, message) => {
      // Were it accepted, it would fail with QueueFullError rather than wait.
      const { semaphore } = await given.busy({ maxQueueSize: 0 });
      for (const work of [
        () => semaphore.acquire({ ...wrong }),
        () => semaphore.tryAcquire({ ...wrong }),
        () => semaphore.use(() => "never", { ...wrong }),
      ]) {
        expectInvalid(await rejectionOf(work), option, message);
        expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 1, queued: 0 });
      }
    });
  });

  describe("what is passed to the other methods", () => {
    it.each([-1, 1.5, 1e9, Number.NaN, "3", undefined])("resize(%j) rejects", async (value) => {
      const semaphore = await given.semaphore();
      const message = "value must be a whole number from 0 to 1000000, but is";
      expectInvalid(await rejectionOf(() => semaphore.resize(unchecked(value))), "value", message);
      expect(await semaphore.stats()).toMatchObject({ maxSlots: 1 });
    });

    it.each(IDS)("release(%j) and revoke(%j) reject", async (id) => {
      const semaphore = await given.semaphore();
      const message = "Pass acquisition.id, or call acquisition.release().";
      expectInvalid(await rejectionOf(() => semaphore.release(unchecked(id))), "id", message);
      expectInvalid(await rejectionOf(() => semaphore.revoke(unchecked(id))), "id", message);
    });

    it.each([
      ["a number", 1_000],
      ["a string", "1s"],
      ["null", null],
      ["a function", () => {}],
      ["a signal that is not in an object", new AbortController().signal],
    ])("acquire() rejects options that are %s", async (_, options) => {
      const { semaphore } = await given.busy({ maxQueueSize: 0 });
      for (const work of [
        () => semaphore.acquire(unchecked(options)),
        () => semaphore.tryAcquire(unchecked(options)),
        () => semaphore.use(() => "never", unchecked(options)),
      ]) {
        expect(await rejectionOf(work)).toBeInstanceOf(InvalidOptionError);
      }
    });

    it("use() rejects what is no task, before it acquires", async () => {
      const semaphore = await given.semaphore();
      const use = () => semaphore.use(unchecked("a task"));
      expectInvalid(await rejectionOf(use), "task", "task");
      expect((await semaphore.coordinator.stats({ names: [semaphore.name] })).size).toBe(0);
    });

    it("revoke() knows its options", async () => {
      const { semaphore, holder } = await given.busy();
      const typo = { forced: true };
      const error = await rejectionOf(() => semaphore.revoke(holder.id, unchecked(typo)));
      expectInvalid(error, "forced", "there is no option forced");
      expect(holder.signal.aborted).toBe(false);
    });

    it.each([
      [{ limit: 0 }, "limit"],
      [{ limit: 1.5 }, "limit"],
      [{ limit: "7" }, "limit"],
      [{ name: ["a"] }, "name"],
      [{ names: "api" }, "names"],
    ])("stats(%j) rejects", async (query, option) => {
      const coordinator = await given.coordinator();
      expectInvalid(await rejectionOf(() => coordinator.stats(unchecked(query))), option, option);
    });

    it("history() knows its options", async () => {
      const { coordinator } = await given.semaphore();
      const wrong = () => coordinator.history(unchecked({ name: "api" }));
      expectInvalid(
        thrownBy(wrong),
        "name",
        "There are: semaphore, acquisition, session, types, since, until, limit, reverse.",
      );
    });

    it.each([-1, Number.NaN, "5", "1s", null])(
      "close({ drainMs: %j }) rejects",
      async (drainMs) => {
        const { semaphore, holder } = await given.busy();
        await holder.release();
        const close = () => semaphore.coordinator.close({ drainMs: unchecked(drainMs) });
        expectInvalid(await rejectionOf(close), "drainMs", "drainMs must be");
        expect(await semaphore.tryAcquire()).not.toBeNull();
      },
    );

    it("close() knows its options", async () => {
      const { semaphore, holder } = await given.busy();
      const close = () => semaphore.coordinator.close(unchecked({ drain: 5_000 }));
      expectInvalid(await rejectionOf(close), "drain", "Did you mean drainMs?");
      expect(holder.signal.aborted).toBe(false);
    });
  });

  describe("what is allowed at the edge", () => {
    it.each([
      { value: 1_000_000 },
      { name: "x".repeat(512) },
      { name: " a/b:c{d} é 🎈 " },
      { name: "__proto__" },
      { ttlMs: 1 },
      { ttlMs: Number.MAX_SAFE_INTEGER },
      { maxAcquireTimeMs: 1 },
      { heartbeatMaxIntervalMs: 500 },
      { maxQueueSize: 0 },
      { metadata: {} },
      { ttlMs: undefined, maxQueueSize: undefined, metadata: undefined, logger: undefined },
    ])("a semaphore with %j", async (options) => {
      expect((await given.semaphore(options)).value).toBeGreaterThan(0);
    });
  });
}
