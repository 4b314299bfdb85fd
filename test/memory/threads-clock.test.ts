/** A worker's clock shows the main thread's time. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { monotonicMs, RemoteClock } from "../../src/memory/threads/remote-clock.js";
import type { Alarm, Clock } from "../../src/ports.js";

/** Time as it is, and clocks that count it from somewhere and cut off the fraction. */
class Time {
  ms = 0;
  readonly alarms: { at: number; ring: () => void }[] = [];

  clock(origin: number): Clock {
    const now = () => Math.floor(origin + this.ms);
    return { now, alarm: (ring) => this.alarm(ring) };
  }

  private alarm(ring: () => void): Alarm {
    const alarm = { at: Infinity, ring };
    this.alarms.push(alarm);
    return {
      set: (at) => {
        alarm.at = at;
      },
      clear: () => {
        alarm.at = Infinity;
      },
      keepAlive: () => {},
    };
  }
}

const fractional = fc.double({ min: 0, max: 10_000, noNaN: true });

test("it is never ahead, and less than two milliseconds behind", () => {
  fc.assert(
    fc.property(fractional, fractional, fractional, fractional, (own, main, until, later) => {
      const time = new Time();
      const mainClock = time.clock(main);
      const clock = new RemoteClock(time.clock(own), () => 77 + time.ms);
      time.ms = until;
      clock.align({ now: mainClock.now(), monotonicMs: 77 + time.ms });
      time.ms += later;
      expect(mainClock.now() - clock.now()).toBeGreaterThanOrEqual(0);
      expect(mainClock.now() - clock.now()).toBeLessThan(2);
    }),
  );
});

test("until it is aligned it shows the thread's own", () => {
  const time = new Time();
  time.ms = 7;
  expect(new RemoteClock(time.clock(100), () => 0).now()).toBe(107);
});

test("an alarm does not ring early", () => {
  fc.assert(
    fc.property(fractional, fractional, fractional, fc.nat(1_000), (own, main, at, waitMs) => {
      const time = new Time();
      const ownClock = time.clock(own);
      const clock = new RemoteClock(ownClock, () => time.ms);
      time.ms = at;
      clock.align({ now: time.clock(main).now(), monotonicMs: time.ms });
      const due = clock.now() + waitMs;
      clock.alarm(() => {}).set(due);

      // The first moment at which the thread's own clock lets it ring.
      time.ms = (time.alarms[0]?.at ?? 0) - own;
      expect(clock.now()).toBeGreaterThanOrEqual(due);
      expect(clock.now()).toBeLessThanOrEqual(due + 2);
    }),
  );
});

test("an alarm can be cleared", () => {
  const time = new Time();
  const alarm = new RemoteClock(time.clock(0), () => 0).alarm(() => {});
  alarm.set(10);
  alarm.keepAlive(true);
  alarm.clear();
  expect(time.alarms[0]?.at).toBe(Infinity);
});

test("the monotonic clock goes on", () => {
  const before = monotonicMs();
  expect(monotonicMs()).toBeGreaterThan(before);
});
