/** It may ring too early, never too late, and is not set anew for a later time. */

import { expect, test } from "vitest";
import { LazyAlarm } from "../src/lazy-alarm.js";
import { SimulatedClock } from "../src/memory/simulated-clock.js";
import type { Alarm, Clock } from "../src/ports.js";

/** A clock that remembers what was asked of its one alarm. */
function watched(): {
  clock: SimulatedClock;
  handed: Clock;
  asked: (number | boolean | string)[];
} {
  const clock = new SimulatedClock();
  const asked: (number | boolean | string)[] = [];
  const alarm = (ring: () => void): Alarm => {
    const inner = clock.alarm(ring);
    return {
      set: (at) => {
        asked.push(at);
        inner.set(at);
      },
      clear: () => {
        asked.push("clear");
        inner.clear();
      },
      keepAlive: (wanted) => asked.push(wanted),
    };
  };
  return { clock, handed: { now: () => clock.now(), alarm }, asked };
}

test("it is set for an earlier time only", () => {
  const { clock, handed, asked } = watched();
  const rang: number[] = [];
  const alarm = new LazyAlarm(handed, () => rang.push(clock.now()));
  for (const at of [Infinity, 100, 200, 100, 50, 60]) alarm.noLaterThan(at);
  expect(asked).toEqual([100, 50]);
  clock.advance(1_000);
  expect(rang).toEqual([50]);
});

test("after it rang, any time is earlier; also while it rings", () => {
  const { clock, handed, asked } = watched();
  const rang: number[] = [];
  const alarm = new LazyAlarm(handed, () => {
    rang.push(clock.now());
    if (rang.length < 3) alarm.noLaterThan(clock.now() + 70);
  });
  alarm.noLaterThan(10);
  clock.advance(1_000);
  expect(rang).toEqual([10, 80, 150]);
  expect(asked).toEqual([10, 80, 150]);
});

test("what is cleared does not ring, and can be set for a later time", () => {
  const { clock, handed } = watched();
  const rang: number[] = [];
  const alarm = new LazyAlarm(handed, () => rang.push(clock.now()));
  alarm.noLaterThan(10);
  alarm.clear();
  clock.advance(20);
  expect(rang).toEqual([]);
  alarm.noLaterThan(30);
  clock.advance(20);
  expect(rang).toEqual([30]);
});

test("the process stays alive for it if told so", () => {
  const { handed, asked } = watched();
  new LazyAlarm(handed, () => {}).keepAlive(true);
  expect(asked).toEqual([true]);
});
