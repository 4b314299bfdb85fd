/** A worker's session at the main thread's log: same slots, same queue, same views. */

import { describe, expect, test, vi } from "vitest";
import { InvalidOptionError } from "../../src/errors.js";
import { toArray, World } from "./threads-world.js";

describe("a worker and the main thread", () => {
  test("share the slots of a name", async () => {
    const world = new World();
    const here = world.main.semaphore({ name: "api", value: 1 });
    const there = world.worker("w").semaphore();

    const slot = await there.acquire();
    expect(await here.tryAcquire()).toBeNull();
    expect(await slot.release()).toBe(true);
    await using taken = await here.tryAcquire();
    expect(taken?.id).toBe("main-2");
    expect(await there.tryAcquire()).toBeNull();
  });

  test("wait in one queue", async () => {
    const world = new World();
    const here = world.main.semaphore({ name: "api", value: 1 });
    const [a, b] = [world.worker("a"), world.worker("b")];

    const held = await here.acquire();
    const first = a.semaphore().acquire();
    await a.settled();
    const second = here.acquire();
    const third = b.semaphore().acquire();
    await b.settled();
    expect((await here.waiters()).map(({ id }) => id)).toEqual(["a-1", "main-2", "b-1"]);

    await held.release();
    await (await first).release();
    await (await second).release();
    await (await third).release();
    expect(await world.story("granted")).toEqual([
      "granted main-1",
      "granted a-1",
      "granted main-2",
      "granted b-1",
    ]);
  });

  test("see the same", async () => {
    const world = new World();
    const here = world.main.semaphore({ name: "api", value: 1 });
    const worker = world.worker("w");
    const there = worker.semaphore();
    await here.acquire({ metadata: { job: "7" } });
    void there.acquire().catch(() => {});

    expect(await there.locked()).toBe(true);
    expect(await there.stats()).toEqual(await here.stats());
    expect(await there.holders()).toEqual(await here.holders());
    expect(await there.waiters()).toEqual(await here.waiters());
    expect(await worker.coordinator.stats()).toEqual(await world.main.stats());
    expect(await toArray(there.history())).toEqual(await toArray(here.history()));
    expect(await there.stats()).toMatchObject({ acquiredSlots: 1, queued: 1 });
  });

  test("resize, revoke and release across", async () => {
    const world = new World();
    const here = world.main.semaphore({ name: "api", value: 1 });
    const worker = world.worker("w");
    const there = worker.semaphore();
    const slot = await here.acquire();

    expect(await there.resize(2)).toBe(true);
    expect(await there.resize(2)).toBe(false);
    const second = await there.acquire();
    expect(await there.revoke(slot.id)).toBe(true);
    expect(slot.signal.aborted).toBe(true);
    expect(await here.release(second.id)).toBe(true);
    await worker.settled();
    expect(await there.release(second.id)).toBe(false);
    expect(await second.release()).toBe(false);
    expect(second.state).toBe("released");
  });

  test("lose by TTL alike", async () => {
    const world = new World();
    const worker = world.worker("w");
    const slot = await worker.semaphore().acquire({ ttlMs: 1_000 });
    const lost = new Promise((resolve) => slot.signal.addEventListener("abort", resolve));

    expect(slot.remainingMs()).toBe(1_000);
    world.clock.advance(1_000);
    await lost;
    expect(slot.signal.reason).toMatchObject({ reason: "ttl" });
    expect(await slot.release()).toBe(false);
  });
});

describe("two coordinators of one worker", () => {
  test("are two sessions, each of which learns what concerns it, once", async () => {
    const world = new World();
    const worker = world.worker("w");
    const other = worker.another("x").semaphore({ name: "api", value: 1 });
    const heard = vi.spyOn(worker.log, "receive");

    const slot = await worker.semaphore().acquire();
    const waiting = other.acquire();
    expect(await other.release(slot.id)).toBe(true);
    expect(slot.state).toBe("released");
    const next = await waiting;
    expect(await worker.semaphore().revoke(next.id)).toBe(true);
    expect(next.signal.aborted).toBe(true);
    await worker.settled();
    const types = heard.mock.calls.map(([{ type }]) => type);
    expect(types.filter((type) => type === "released")).toHaveLength(2);
    expect(types.filter((type) => type === "revoked")).toHaveLength(1);
  });

  test("leave one by one", async () => {
    const world = new World();
    const worker = world.worker("w");
    const other = worker.another("x");
    await worker.semaphore("a").acquire();
    await other.semaphore({ name: "b", value: 1 }).acquire();

    await worker.coordinator.close();
    expect((await world.main.stats()).size).toBe(1);
    await other.close();
    expect((await world.main.stats()).size).toBe(0);
    await worker.end();
    expect(await world.story("left", "refused")).toHaveLength(2);
  });
});

describe("a question", () => {
  test("that cannot be sent to another thread fails alone", async () => {
    const { log } = new World().worker("w");
    const early = log.locked("api");
    const unsendable = { names: [], limit: 1, toString: () => "" };

    await expect(log.stats(unsendable)).rejects.toThrow(/could not be cloned/);
    expect(await early).toBe(false);
    await expect(log.stats(unsendable)).rejects.toThrow(/could not be cloned/);
    expect(await log.locked("api")).toBe(false);
  });

  test("that the main thread refuses fails alone", async () => {
    const world = new World();
    world.log.holders = () => Promise.reject(new InvalidOptionError("name", "no such name"));
    const there = world.worker("w").semaphore();

    await expect(there.holders()).rejects.toThrow("no such name");
    expect(await there.waiters()).toEqual([]);
  });
});
