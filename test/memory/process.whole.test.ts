/** A process lives as long as somebody waits for what time will bring, and no longer; and it says nothing. */

import { describe, expect, test } from "vitest";
import { run } from "../support/memory-process.js";

const silently = (stdout = "") => ({ code: 0, stdout, stderr: "" });

describe("a process ends by itself", () => {
  test("when it has done nothing", async () => {
    expect(await run(`new MemorySemaphore({ name: "api", value: 1 });`)).toEqual(silently());
  });

  test("after a use, though names and sessions are remembered for a minute", async () => {
    const script = `
      const semaphore = new MemorySemaphore({ name: "api", value: 1 });
      console.log(await semaphore.use(() => "done"));`;
    expect(await run(script)).toEqual(silently("done\n"));
  });

  test("while it holds a slot", async () => {
    const script = `await new MemorySemaphore({ name: "api", value: 1 }).acquire();`;
    expect(await run(script)).toEqual(silently());
  });

  test("while it holds a slot whose TTL ends in an hour", async () => {
    const script = `
      await new MemorySemaphore({ name: "api", value: 1, ttlMs: 3_600_000 }).acquire();`;
    expect(await run(script)).toEqual(silently());
  });

  test("while its heart beats", async () => {
    const script = `
      const options = { name: "api", value: 1, heartbeatMaxIntervalMs: 500 };
      await new MemorySemaphore(options).acquire();`;
    expect(await run(script)).toEqual(silently());
  });

  test("when the last wait is over, though a TTL goes on for an hour", async () => {
    const script = `
      const semaphore = new MemorySemaphore({ name: "api", value: 1, ttlMs: 3_600_000 });
      await semaphore.acquire();
      await semaphore.acquire({ maxAcquireTimeMs: 50 }).catch(({ name }) => console.log(name));`;
    expect(await run(script)).toEqual(silently("AcquireTimeoutError\n"));
  });

  test("when the last wait is cancelled", async () => {
    const script = `
      const semaphore = new MemorySemaphore({ name: "api", value: 1, ttlMs: 3_600_000 });
      await semaphore.acquire();
      const signal = AbortSignal.timeout(50);
      const second = semaphore.acquire({ signal });
      setTimeout(() => {}, 100);
      await second.catch(({ name }) => console.log(name));`;
    expect(await run(script)).toEqual(silently("TimeoutError\n"));
  });

  test("when it waits for what can never come: Node says so", async () => {
    const script = `
      const semaphore = new MemorySemaphore({ name: "api", value: 1 });
      await semaphore.acquire();
      await semaphore.acquire();`;
    expect(await run(script)).toMatchObject({ code: 13 });
  });

  test("when it waits for itself, though its heart beats", async () => {
    const script = `
      const semaphore = new MemorySemaphore({ name: "api", value: 1, heartbeatMaxIntervalMs: 500 });
      await semaphore.acquire();
      await semaphore.acquire();`;
    expect(await run(script)).toMatchObject({ code: 13 });
  });

  test("when its coordinator was closed", async () => {
    const script = `
      const coordinator = new MemoryCoordinator();
      const semaphore = coordinator.semaphore({ name: "api", value: 1, ttlMs: 3_600_000 });
      await semaphore.acquire();
      const second = semaphore.acquire().catch(({ name }) => console.log(name));
      await coordinator.close({ drainMs: 50 });
      await second;`;
    expect(await run(script)).toEqual(silently("ClosedError\n"));
  });
});

describe("a process stays alive", () => {
  test("for a double acquire, until it times out", async () => {
    const script = `
      const semaphore = new MemorySemaphore({ name: "my-semaphore", value: 1, maxAcquireTimeMs: 100 });
      const slot = await semaphore.acquire();
      try {
        await semaphore.acquire();
      } catch (error) {
        console.log(error.name);
      }
      console.log(await semaphore.release(slot.id));`;
    expect(await run(script)).toEqual(silently("AcquireTimeoutError\ntrue\n"));
  });

  test("for an acquire that a TTL will serve", async () => {
    const script = `
      const semaphore = new MemorySemaphore({ name: "my-semaphore", value: 1, ttlMs: 100 });
      const first = await semaphore.acquire();
      const second = await semaphore.acquire();
      console.log(first.state, first.signal.reason.reason, second.slotNumber);`;
    expect(await run(script)).toEqual(silently("expired ttl 0\n"));
  });

  test("for an acquire that began before anything could serve it", async () => {
    const script = `
      const semaphore = new MemorySemaphore({ name: "my-semaphore", value: 1 });
      await semaphore.acquire();
      const second = semaphore.acquire();
      await semaphore.acquire({ maxAcquireTimeMs: 50 }).catch(() => {});
      await semaphore.resize(2);
      console.log((await second).slotNumber);`;
    expect(await run(script)).toEqual(silently("1\n"));
  });

  test("for a close() that waits for a task", async () => {
    const script = `
      const coordinator = new MemoryCoordinator();
      const semaphore = coordinator.semaphore({ name: "api", value: 1, ttlMs: 100 });
      const slot = await semaphore.acquire();
      await coordinator.close({ drainMs: 3_600_000 });
      console.log(slot.signal.reason.reason);`;
    expect(await run(script)).toEqual(silently("ttl\n"));
  });
});

describe("a process prints nothing", () => {
  test("when a hundred acquires share a signal that aborts", async () => {
    const script = `
      const semaphore = new MemorySemaphore({ name: "api", value: 1 });
      await semaphore.acquire();
      const controller = new AbortController();
      const { signal } = controller;
      const crowd = Array.from({ length: 100 }, () => semaphore.acquire({ signal }));
      setTimeout(() => controller.abort("enough"), 10);
      const outcomes = await Promise.allSettled(crowd);
      console.log(outcomes.filter(({ reason }) => reason === "enough").length);`;
    expect(await run(script)).toEqual(silently("100\n"));
  });

  test("when everything that can go wrong goes wrong: no rejection is left unhandled", async () => {
    const script = `
      const coordinator = new MemoryCoordinator({ threads: "isolated" });
      const semaphore = coordinator.semaphore({ name: "api", value: 1 });
      const fail = () => { throw new Error("broken"); };
      const logger = { debug: fail, info: fail, warn: fail, error: fail };
      // Long enough for the others to fail before it ends: then nothing would serve them any more.
      const slot = await semaphore.acquire({ logger, inspect: fail, ttlMs: 500 });
      const ends = [
        semaphore.acquire({ maxAcquireTimeMs: 5, logger, inspect: fail }),
        semaphore.acquire({ maxQueueSize: 0 }),
        semaphore.acquire({ ttlMs: -1 }),
        semaphore.acquire({ signal: AbortSignal.abort() }),
        semaphore.acquire({ signal: AbortSignal.timeout(5) }),
        semaphore.tryAcquire({ ttlMs: -1 }),
        semaphore.use(fail),
        semaphore.use(({ id }) => semaphore.revoke(id)),
        semaphore.use(() => coordinator.close()),
        semaphore.acquire(),
      ];
      const names = (await Promise.allSettled(ends)).map(({ reason }) => reason.name);
      console.log(slot.state, await slot.release(), names.join(" "));`;
    const names = [
      ...["AcquireTimeoutError", "QueueFullError", "InvalidOptionError", "AbortError"],
      ...["TimeoutError", "InvalidOptionError", "Error", "AcquisitionLostError"],
      ...["AcquisitionLostError", "ClosedError"],
    ];
    expect(await run(script)).toEqual(silently(`expired false ${names.join(" ")}\n`));
  });
});
