/** Simulated processes and their time. */

import { expect, test } from "vitest";
import { ProcessClock } from "./process/clock.js";
import { Host } from "./process/host.js";
import { Random } from "./random.js";
import { simulate } from "./simulate.js";
import { Timeline } from "./timeline.js";

test("the same seed makes the same world", async () => {
  const [first, second] = [await simulate({ seed: 3 }), await simulate({ seed: 3 })];
  expect(first.chronicle.last(100_000)).toEqual(second.chronicle.last(100_000));
  expect(first.chronicle.hash).toBe(second.chronicle.hash);
  expect(first.chronicle.length).toBeGreaterThan(100);
});

test("other seeds make other worlds", () => {
  const draws = [1, 2, 3].map((seed) => new Random(seed).next());
  expect(new Set(draws).size).toBe(3);
});

test("chance is spread evenly", () => {
  const random = new Random(7);
  const counts = { a: 0, b: 0 };
  for (let draw = 0; draw < 4000; draw++) counts[random.weighted({ a: 3, b: 1 })]++;
  expect(counts.a / 4000).toBeCloseTo(0.75, 1);
});

test("things happen in order of time, and promises settle in between", async () => {
  const timeline = new Timeline();
  const seen: string[] = [];
  timeline.at(20, () => seen.push("twenty"));
  timeline.at(10, () => {
    seen.push("ten");
    Promise.resolve()
      .then(() => {})
      .then(() => seen.push("and what follows"));
  });
  await timeline.run(100);
  expect(seen).toEqual(["ten", "and what follows", "twenty"]);
  expect(timeline.now).toBe(100);
});

test("a clock goes at its own rate, and its alarms ring by it", async () => {
  const timeline = new Timeline();
  const clock = new ProcessClock(new Host("p", timeline), new Random(1), 5000, 1.01);
  let rungAt = 0;
  clock
    .alarm(() => {
      rungAt = clock.now();
    })
    .set(6010);
  await timeline.run(1001.9);
  expect(clock.now()).toBe(6011);
  expect(rungAt).toBeGreaterThanOrEqual(6010);
});

test("a paused process does nothing; when it goes on, its timers ring before the network is heard", async () => {
  const timeline = new Timeline();
  const host = new Host("p", timeline);
  const seen: string[] = [];
  host.pause();
  timeline.at(10, () => host.deliver(() => seen.push("network")));
  timeline.at(20, () => host.ring(() => seen.push("timer")));
  await timeline.run(30);
  expect(seen).toEqual([]);
  host.resume();
  await timeline.run(40);
  expect(seen).toEqual(["timer", "network"]);
});

test("a dead process hears nothing more", async () => {
  const timeline = new Timeline();
  const host = new Host("p", timeline);
  const seen: string[] = [];
  timeline.at(10, () => host.deliver(() => seen.push("network")));
  host.kill();
  await timeline.run(20);
  expect(seen).toEqual([]);
});
