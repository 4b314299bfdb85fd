/** The page that Prometheus reads, of a process that acquires, in simulated time. */

import { expect, onTestFinished, test } from "vitest";
import { PrometheusMetrics } from "../../src/metrics/prometheus.js";
import { TestCoordinator } from "../../src/testing.js";

function given(limit?: number) {
  const coordinator = new TestCoordinator();
  const metrics = new PrometheusMetrics(coordinator, limit);
  onTestFinished(() => metrics[Symbol.dispose]());
  /** The samples whose name begins so. */
  const samples = async (name: string) =>
    (await metrics.render()).split("\n").filter((line) => line.startsWith(name));
  return { coordinator, metrics, samples };
}

test("waits and holds are histograms in seconds", async () => {
  const { coordinator, samples } = given();
  const slot = await coordinator.semaphore({ name: "api", value: 1 }).acquire();
  coordinator.clock.advance(2_000);
  await slot.release();
  const labels = (outcome: string) => `{semaphore="api",mode="memory",outcome="${outcome}"}`;
  expect(await samples("slotstream_wait_duration_seconds_count")).toEqual([
    `slotstream_wait_duration_seconds_count${labels("granted")} 1`,
  ]);
  expect(await samples("slotstream_hold_duration_seconds_sum")).toEqual([
    `slotstream_hold_duration_seconds_sum${labels("released")} 2`,
  ]);
  expect(await samples('slotstream_hold_duration_seconds_bucket{le="1",')).toEqual([
    expect.stringMatching(/ 0$/),
  ]);
  expect(await samples('slotstream_hold_duration_seconds_bucket{le="2.5",')).toEqual([
    expect.stringMatching(/ 1$/),
  ]);
});

test("what expires is counted, what is held and waited for goes up and down", async () => {
  const { coordinator, samples } = given();
  const semaphore = coordinator.semaphore({ name: "api", value: 1, ttlMs: 10 });
  await semaphore.acquire();
  const next = semaphore.acquire();
  const labels = '{semaphore="api",mode="memory"}';
  expect(await samples("slotstream_held{")).toEqual([`slotstream_held${labels} 1`]);
  expect(await samples("slotstream_queued{")).toEqual([`slotstream_queued${labels} 1`]);
  coordinator.clock.advance(10);
  await next;
  expect(await samples("slotstream_queued{")).toEqual([`slotstream_queued${labels} 0`]);
  expect(await samples("slotstream_expired_total{")).toEqual([
    'slotstream_expired_total{semaphore="api",mode="memory",reason="ttl"} 1',
  ]);
});

test("of the fleet's semaphores, the fullest are told, and no more than the limit", async () => {
  const { coordinator, samples } = given(2);
  for (const [name, value] of Object.entries({ full: 1, half: 2, third: 3 })) {
    await coordinator.semaphore({ name, value }).acquire();
  }
  expect(await samples("slotstream_fleet_slots{")).toEqual([
    'slotstream_fleet_slots{semaphore="full"} 1',
    'slotstream_fleet_slots{semaphore="half"} 2',
  ]);
});

test("a semaphore that is idle again is told no more", async () => {
  const { coordinator, samples } = given();
  const slot = await coordinator.semaphore({ name: "api", value: 1 }).acquire();
  expect(await samples("slotstream_fleet_held{")).toHaveLength(1);
  await slot.release();
  expect(await samples("slotstream_fleet_held{")).toEqual([]);
});

test("by default there are a hundred at most", async () => {
  const { coordinator, samples } = given();
  for (let i = 0; i < 101; i++) await coordinator.semaphore({ name: `s${i}`, value: 1 }).acquire();
  expect(await samples("slotstream_fleet_queued{")).toHaveLength(100);
});

test("nothing more is measured when it was disposed of", async () => {
  const { coordinator, metrics, samples } = given();
  metrics[Symbol.dispose]();
  await coordinator.semaphore({ name: "api", value: 1 }).acquire();
  expect(await samples("slotstream_wait_duration_seconds_count")).toEqual([]);
  expect(await samples("slotstream_held")).toEqual([]);
});
