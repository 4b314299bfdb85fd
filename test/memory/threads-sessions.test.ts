/** How a worker's session gets its name, loses it, and leaves. */

import { describe, expect, test, vi } from "vitest";
import { World } from "./threads-world.js";

const HOUR = 3_600_000;

describe("before the line is open", () => {
  test.each([
    ["as fast as", 0],
    ["an hour ahead of", HOUR],
    ["an hour behind", -HOUR],
  ])("a worker may ask, with a clock %s the main thread's", async (_how, aheadMs) => {
    const world = new World();
    const worker = world.worker("w", aheadMs);
    const semaphore = worker.semaphore();

    const slots = [semaphore.acquire(), semaphore.acquire(), semaphore.acquire()];
    const resized = semaphore.resize(3);
    const stats = semaphore.stats();
    expect(await resized).toBe(true);
    expect(await stats).toMatchObject({ acquiredSlots: 3 });
    expect((await Promise.all(slots)).map(({ id }) => id)).toEqual(["w-1", "w-2", "w-3"]);
    expect(worker.clock.now()).toBe(world.clock.now());
    expect(await world.story("queued", "refused")).toEqual([
      "queued w-1",
      "queued w-2",
      "queued w-3",
    ]);
  });

  test("a worker may change its mind", async () => {
    const world = new World();
    const worker = world.worker("w");
    const controller = new AbortController();
    const slot = worker.semaphore().acquire({ signal: controller.signal });
    controller.abort(new Error("changed my mind"));

    await expect(slot).rejects.toThrow("changed my mind");
    await worker.settled();
    expect((await world.main.stats()).size).toBe(0);
  });

  test("a worker may leave", async () => {
    const world = new World();
    await world.main.semaphore({ name: "api", value: 1 }).acquire();
    const worker = world.worker("w");
    const outcome = expect(worker.semaphore().acquire()).rejects.toThrow("closed");
    await worker.coordinator.close();
    await outcome;
    expect(await world.story("queued", "left")).toEqual(["queued main-1", "left 1000000000-w3"]);
  });
});

describe("a session that was idle for a minute", () => {
  test("speaks again under another name", async () => {
    const world = new World();
    const worker = world.worker("w");
    await (await worker.semaphore().acquire()).release();
    world.passMinute();
    await worker.settled();

    expect((await worker.semaphore().acquire()).id).toBe("w-2");
    expect(await world.story("swept", "refused", "queued")).toEqual([
      "queued w-1",
      "swept ",
      "queued w-2",
    ]);
  });

  test("asks again what crossed its being forgotten, once, in order, with the same promises", async () => {
    const world = new World();
    const worker = world.worker("w");
    const semaphore = worker.semaphore();
    await (await semaphore.acquire()).release();
    world.passMinute();

    // The main thread has said that it forgot the session, but the worker has not heard it yet.
    const slots = [semaphore.acquire(), semaphore.acquire()];
    const resized = semaphore.resize(2);
    const revoked = semaphore.revoke("nobody's");
    expect(await resized).toBe(true);
    expect(await revoked).toBe(false);
    expect((await Promise.all(slots)).map(({ slotNumber }) => slotNumber)).toEqual([0, 1]);
    await worker.settled();
    expect(await world.story("queued", "resized", "refused")).toEqual([
      "queued w-1",
      "queued w-2",
      "queued w-3",
      expect.stringMatching(/^resized \d+-w/),
    ]);
  });

  test("can close", async () => {
    const world = new World();
    const worker = world.worker("w");
    await (await worker.semaphore().acquire()).release();
    world.passMinute();
    await worker.coordinator.close();
    expect(await world.story("left")).toHaveLength(1);
  });
});

test("a session whose first word took a minute speaks again under another name", async () => {
  const world = new World();
  const worker = world.worker("w");
  await worker.settled();
  const slots = [worker.semaphore().acquire(), worker.semaphore().acquire()];
  const resized = worker.semaphore().resize(2);
  world.passMinute();

  expect((await Promise.all(slots)).map(({ id }) => id)).toEqual(["w-1", "w-2"]);
  expect(await resized).toBe(true);
  expect(await world.story("queued")).toEqual(["queued w-1", "queued w-2"]);
  // The rest of what was under way was not even put to the log.
  expect(await world.story("refused")).toHaveLength(1);
});

test("an inbox is told once that its session was forgotten, and nothing more once it left", () => {
  const { log } = new World().worker("w");
  const inbox = { receive: vi.fn(), forgotten: vi.fn(), broken: vi.fn() };
  log.join("a", inbox);
  log.join("b", inbox);

  log.receive({ type: "forgotten", session: "a" });
  log.receive({ type: "forgotten", session: "a" });
  expect(inbox.forgotten.mock.calls).toEqual([[[], false]]);
  log.receive({ type: "left", session: "b", number: 1, seq: 1, at: 0 });
  log.broken(new Error("line broken"));
  expect(inbox.receive).toHaveBeenCalledOnce();
  expect(inbox.broken).not.toHaveBeenCalled();
});

describe("when a worker ends", () => {
  test("its slots come back and its waiters leave the queue", async () => {
    const world = new World();
    const here = world.main.semaphore({ name: "api", value: 1 });
    const [a, b, c] = [world.worker("a"), world.worker("b"), world.worker("c")];
    await a.semaphore().acquire();
    for (const worker of [b, a, c]) {
      void worker
        .semaphore()
        .acquire()
        .catch(() => {});
      await worker.settled();
    }
    const last = here.acquire();

    await b.end();
    expect((await here.waiters()).map(({ id }) => id)).toEqual(["a-2", "c-1", "main-1"]);
    await a.end();
    await c.end();
    await last;
    expect(await world.story("granted")).toEqual(["granted a-1", "granted c-1", "granted main-1"]);
    expect((await here.holders()).map(({ id }) => id)).toEqual(["main-1"]);
    expect(await world.story("left", "refused")).toHaveLength(3);
  });

  test("it leaves by its newest name only", async () => {
    const world = new World();
    const worker = world.worker("w");
    await (await worker.semaphore().acquire()).release();
    world.passMinute();
    const slot = await worker.semaphore().acquire();
    const next = world.main.semaphore({ name: "api", value: 1 }).acquire();
    await worker.end();
    await next;

    expect(slot.id).toBe("w-2");
    expect(await world.story("left", "refused")).toHaveLength(1);
  });

  test("one that has left already is not heard again", async () => {
    const world = new World();
    const worker = world.worker("w");
    await worker.semaphore().acquire();
    await worker.coordinator.close();
    const other = world.worker("x");
    await other.semaphore().acquire();
    await worker.end();
    await other.end();
    expect(await world.story("left", "refused")).toHaveLength(2);
  });
});
