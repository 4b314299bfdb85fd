/** Connecting a worker: what it says when nobody answers, and that a later attempt may succeed. */

import { MessageChannel, type MessagePort } from "node:worker_threads";
import { afterEach, describe, expect, test, vi } from "vitest";
import { BackendUnavailableError, ProtocolError } from "../../src/errors.js";
import type { Greet } from "../../src/memory/threads/line.js";
import { type Hello, hello, isHello } from "../../src/memory/threads/protocol.js";
import { greet } from "../../src/memory/threads/reception.js";
import { toArray, World } from "./threads-world.js";

const nobodyListens: Greet = () => Promise.reject(new Error("no listener"));
/** Another library's listener for `workerMessage`. */
const foreign: Greet = () => Promise.resolve();
const otherVersion: Greet = async (message, port) => {
  const { clock, log } = new World();
  greet({ ...message, protocol: 99, port }, () => ({ clock, log }));
};

afterEach(() => {
  vi.useRealTimers();
});

describe("where nobody listens", () => {
  test("all that is asked rejects, with the remedy", async () => {
    const worker = new World().worker("w", 0, nobodyListens);
    const semaphore = worker.semaphore();
    const asked = [
      semaphore.acquire(),
      semaphore.acquire({ heartbeatMaxIntervalMs: 500 }),
      semaphore.tryAcquire(),
      semaphore.use(() => {}),
      semaphore.release("x"),
      semaphore.resize(2),
      semaphore.revoke("x"),
      semaphore.locked(),
      semaphore.stats(),
      semaphore.holders(),
      semaphore.waiters(),
      toArray(semaphore.history()),
    ];
    for (const outcome of await Promise.allSettled(asked)) {
      expect(outcome).toMatchObject({
        status: "rejected",
        reason: expect.any(BackendUnavailableError),
      });
    }
    await expect(semaphore.acquire()).rejects.toMatchObject({
      code: "BACKEND_UNAVAILABLE",
      message: expect.stringMatching(/import "slotstream".*threads: "isolated"/),
      cause: new Error("no listener"),
    });
  });

  test("an aborted acquire rejects with its own reason", async () => {
    const worker = new World().worker("w", 0, nobodyListens);
    const signal = AbortSignal.abort(new Error("mine"));
    await expect(worker.semaphore().acquire({ signal })).rejects.toThrow("mine");
  });

  test("closing has nothing to give back", async () => {
    const worker = new World().worker("w", 0, nobodyListens);
    await expect(worker.semaphore().acquire()).rejects.toThrow(BackendUnavailableError);
    await worker.coordinator.close({ drainMs: 1_000 });
  });

  test("a later attempt may succeed", async () => {
    const world = new World();
    const attempts = [nobodyListens, nobodyListens, world.greet];
    const worker = world.worker("w", 0, (message, port) =>
      (attempts.shift() ?? nobodyListens)(message, port),
    );
    const semaphore = worker.semaphore();
    const stats = vi.spyOn(world.log, "stats");

    await expect(semaphore.acquire()).rejects.toThrow(BackendUnavailableError);
    await expect(semaphore.stats()).rejects.toThrow(BackendUnavailableError);
    expect((await semaphore.acquire()).id).toBe("w-2");
    expect(await world.story("queued", "refused")).toEqual(["queued w-2"]);
    expect(stats).not.toHaveBeenCalled();
  });
});

describe("where somebody else listens", () => {
  test("patience ends after two seconds", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const acquiring = new World().worker("w", 0, foreign).semaphore().acquire();
    let rejected = false;
    const outcome = expect(acquiring.finally(() => (rejected = true))).rejects.toThrow(
      BackendUnavailableError,
    );
    await vi.advanceTimersByTimeAsync(1_999);
    expect(rejected).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await outcome;
  });

  test("a welcome that lies there already counts", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const world = new World();
    const worker = world.worker("w", 0, async (message, port) => {
      await world.greet(message, port);
      // The worker is blocked from here on, and its timers ring before it reads its messages.
      process.nextTick(() => vi.advanceTimersByTime(10_000));
    });
    expect((await worker.semaphore().acquire()).id).toBe("w-1");
  });

  test("a welcome ends the patience", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    await new World().worker("w").settled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("the hang-up of a port is an end as well", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const hangUp: Greet = async (_message, port) => port.close();
    const worker = new World().worker("w", 0, hangUp);
    await expect(worker.semaphore().acquire()).rejects.toThrow(BackendUnavailableError);
  });
});

describe("where another version listens", () => {
  test("it is said", async () => {
    const worker = new World().worker("w", 0, otherVersion);
    await expect(worker.semaphore().acquire()).rejects.toThrow(ProtocolError);
    await expect(worker.semaphore().stats()).rejects.toThrow(
      /another version of slotstream.*threads: "isolated"/,
    );
  });

  test("and what still comes is not minded", async () => {
    const worker = new World().worker("w", 0, async (_message, port) => {
      port.postMessage({ type: "mismatch", protocol: 99 });
      port.postMessage({ type: "welcome", now: 0, monotonicMs: 0 });
    });
    const connected = vi.spyOn(worker.log, "connected");
    await expect(worker.semaphore().acquire()).rejects.toThrow(ProtocolError);
    expect(connected).not.toHaveBeenCalled();
  });

  test("but not if the right one listens, too", async () => {
    const world = new World();
    const worker = world.worker("w", 0, async (message) => {
      const spoken: Hello = message;
      const { protocol } = spoken;
      greet(Object.assign(spoken, { protocol: 99 }), () => world);
      greet(Object.assign(spoken, { protocol }), () => world);
    });
    await worker.settled();
  });
});

test("what others say to the main thread is no hello", () => {
  const { port1: port } = new MessageChannel();
  const type = "slotstream:hello";
  const words = [undefined, null, 7, type, {}, { type }, { type, port: {} }, { port }];
  expect(words.filter(isHello)).toEqual([]);
  expect(isHello({ type, port })).toBe(true);
});

test("of two copies of slotstream one serves", async () => {
  const [first, second] = [new World(), new World()];
  const message = hello(new MessageChannel().port1);
  const port: MessagePort | undefined = message.port;
  greet(message, () => first);
  expect(message.port).toBeUndefined();
  greet(message, () => second);
  port?.close();
});
