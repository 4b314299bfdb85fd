/** Nothing is ever printed, warned of or left behind on a signal. */

import { getEventListeners } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TestCoordinator } from "../../src/testing.js";
import { turn } from "../support/memory-promises.js";

const warnings: string[] = [];
const collect = ({ name, message }: Error) => warnings.push(`${name}: ${message}`);

beforeEach(() => {
  warnings.length = 0;
  process.on("warning", collect);
  for (const level of ["debug", "info", "log", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((...line) => warnings.push(line.join(" ")));
  }
});

afterEach(async () => {
  await turn();
  process.off("warning", collect);
  vi.restoreAllMocks();
});

const listeners = (signal: AbortSignal) => getEventListeners(signal, "abort").length;

function given(value = 1) {
  const coordinator = new TestCoordinator();
  return { coordinator, semaphore: coordinator.semaphore({ name: "api", value }) };
}

test("a hundred acquires that share a signal give no MaxListenersExceededWarning", async () => {
  const { semaphore } = given();
  await semaphore.acquire();
  const controller = new AbortController();
  const { signal } = controller;
  const crowd = Array.from({ length: 100 }, () => semaphore.acquire({ signal }));
  controller.abort("enough");
  expect((await Promise.allSettled(crowd)).every(({ status }) => status === "rejected")).toBe(true);
  await turn();
  expect(warnings).toEqual([]);
});

test("no listener stays on a signal, however the acquire ended", async () => {
  const { coordinator, semaphore } = given();
  const { signal } = new AbortController();
  const slot = await semaphore.acquire({ signal });
  const granted = semaphore.acquire({ signal });
  const timedOut = semaphore.acquire({ signal, maxAcquireTimeMs: 10 });
  const revoked = semaphore.acquire({ signal });
  const closed = semaphore.acquire({ signal });
  await semaphore.tryAcquire({ signal });
  await semaphore.acquire({ signal, maxQueueSize: 0 }).catch(() => {});
  coordinator.clock.advance(10);
  await semaphore.revoke((await semaphore.waiters())[1]?.id ?? "");
  await slot.release();
  await coordinator.close();
  await Promise.allSettled([granted, timedOut, revoked, closed]);
  expect(listeners(signal)).toBe(0);
});

test("ten thousand acquires in turn leave nothing on the signal that they share", async () => {
  const { semaphore } = given(2);
  const { signal } = new AbortController();
  const crowd = Array.from({ length: 10_000 }, () => semaphore.use(() => {}, { signal }));
  await Promise.all(crowd);
  expect(listeners(signal)).toBe(0);
});

test("an inspected acquisition is told nothing after its end, whatever is done to it", async () => {
  const { coordinator, semaphore } = given(3);
  const inspect = () => {};
  const [released, expired, revoked] = [
    await semaphore.acquire({ inspect }),
    await semaphore.acquire({ inspect, ttlMs: 10, heartbeatMaxIntervalMs: 500 }),
    await semaphore.acquire({ inspect }),
  ];
  coordinator.clock.advance(10);
  await semaphore.revoke(revoked.id);
  for (const slot of [released, expired, revoked]) {
    await Promise.all([slot.release(), slot.release()]);
    await semaphore.release(slot.id);
    await semaphore.revoke(slot.id, { force: true });
  }
  coordinator.clock.advance(10_000);
  await coordinator.close();
  await turn();
  expect(warnings).toEqual([]);
});
