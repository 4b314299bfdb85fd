/** The real clock, as memory mode uses it. Only what real time alone can show. */

import { afterEach, expect, test } from "vitest";
import { AcquireTimeoutError, MemoryCoordinator } from "../../src/index.js";
import { systemClock } from "../../src/memory/system-clock.js";
import type { Alarm } from "../../src/ports.js";

const alarms: Alarm[] = [];

afterEach(() => {
  for (const alarm of alarms.splice(0)) alarm.clear();
});

function alarm(ring: () => void): Alarm {
  const made = systemClock.alarm(ring);
  alarms.push(made);
  return made;
}

/** Resolves when an alarm that was set for then has rung. */
function rings(at: number): Promise<void> {
  return new Promise((resolve) => alarm(resolve).set(at));
}

/** What Node would warn of while `work` runs. */
async function warningsOf(work: () => Promise<unknown>): Promise<string[]> {
  const warnings: string[] = [];
  const collect = ({ name }: Error) => warnings.push(name);
  process.on("warning", collect);
  await work();
  await new Promise(setImmediate);
  process.off("warning", collect);
  return warnings;
}

test("shows whole milliseconds since the epoch, and never goes back", () => {
  let last = systemClock.now();
  expect(Math.abs(last - Date.now())).toBeLessThan(60_000);
  for (let i = 0; i < 10_000; i++) {
    const now = systemClock.now();
    expect(now >= last && Number.isInteger(now)).toBe(true);
    last = now;
  }
});

test("an alarm never rings early", async () => {
  for (const ms of [1, 2, 3, 5, 8, 13]) {
    const at = systemClock.now() + ms;
    await rings(at);
    expect(systemClock.now()).toBeGreaterThanOrEqual(at);
  }
});

test("an alarm of the past rings soon", async () => {
  await rings(0);
});

test("the last setting counts, and a cleared alarm is silent", async () => {
  const rang: string[] = [];
  const now = systemClock.now();
  const moved = alarm(() => rang.push("moved"));
  moved.set(now + 1);
  moved.set(now + 3_600_000);
  const cleared = alarm(() => rang.push("cleared"));
  cleared.set(now + 1);
  cleared.clear();
  await rings(now + 20);
  expect(rang).toEqual([]);
});

test.each([2 ** 31 - 1, 2 ** 31, 60 * 86_400_000, Number.MAX_SAFE_INTEGER, Infinity])(
  "an alarm in %d ms does not ring at once (trap 27)",
  async (ms) => {
    const rang: string[] = [];
    const now = systemClock.now();
    const warnings = await warningsOf(async () => {
      alarm(() => rang.push("too early")).set(now + ms);
      await rings(now + 20);
    });
    expect([rang, warnings]).toEqual([[], []]);
  },
);

test("a TTL of sixty days does not end at once, nor does a wait of sixty days (trap 27)", async () => {
  await using coordinator = new MemoryCoordinator({ threads: "isolated" });
  const days = 86_400_000;
  const semaphore = coordinator.semaphore({ name: "api", value: 1, ttlMs: 60 * days });
  const warnings = await warningsOf(async () => {
    const slot = await semaphore.acquire();
    const patient = semaphore.acquire({ maxAcquireTimeMs: 60 * days });
    const hasty = semaphore.acquire({ maxAcquireTimeMs: 20 });
    await expect(hasty).rejects.toBeInstanceOf(AcquireTimeoutError);
    expect(slot.signal.aborted).toBe(false);
    expect(slot.remainingMs()).toBeGreaterThan(59 * days);
    expect(await semaphore.stats()).toMatchObject({ acquiredSlots: 1, queued: 1 });
    await slot.release();
    expect((await patient).slotNumber).toBe(0);
  });
  expect(warnings).toEqual([]);
});
