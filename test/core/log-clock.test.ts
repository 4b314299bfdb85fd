/** What a session and a leader know about log time: bounds that always hold, whatever the network does. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LogClock } from "../../src/core/log-clock.js";

test("nothing is known before log time was observed", () => {
  const clock = new LogClock();
  expect(clock.known).toBe(false);
  expect(clock.earliest(1_000, 5)).toBe(-Infinity);
  expect(clock.latest(1_000, 5)).toBe(Infinity);
  expect(clock.now(5)).toBe(-Infinity);
});

test("a quick round trip tells log time to a few milliseconds", () => {
  const clock = new LogClock();
  clock.observe(100, 1_000_000, 102);
  expect(clock.known).toBe(true);
  expect(clock.now(102)).toBeGreaterThanOrEqual(999_998);
  expect(clock.now(102)).toBeLessThanOrEqual(1_000_000);
});

test("a slow round trip does not spoil what a quick one told", () => {
  const clock = new LogClock();
  clock.observe(100, 1_000_000, 102);
  clock.observe(110, 1_000_050, 2_110);
  expect(clock.jumps).toBe(0);
  expect(clock.now(2_110)).toBeGreaterThan(1_001_980);
});

test("what is still to come may come one hundredth sooner or later", () => {
  const clock = new LogClock();
  clock.observe(0, 1_000_000, 0);
  expect(clock.earliest(1_100_000, 0)).toBe(Math.floor((100_000 - 1.02) / 1.01));
  expect(clock.latest(1_100_000, 0)).toBe(Math.ceil((100_000 + 1.02) / 0.99));
  expect(clock.earliest(900_000, 0)).toBe(Math.floor(-(100_000 + 1.02) / 0.99));
  expect(clock.latest(900_000, 0)).toBe(Math.ceil(-(100_000 - 1.02) / 1.01));
});

test.each([3_600_000, -3_600_000])("a jump by %i ms is noticed", (jumpMs) => {
  const clock = new LogClock();
  clock.observe(0, 1_000_000, 2);
  clock.observe(1_000, 1_001_000 + jumpMs, 1_004);
  expect(clock.jumps).toBe(1);
  expect(Math.abs(clock.now(1_004) - (1_001_000 + jumpMs))).toBeLessThan(10);
});

test("log time that was this or more is no later than was known", () => {
  const clock = new LogClock();
  clock.observe(0, 1_000_000, 2);
  const before = clock.earliest(1_200_000, 100_000);
  clock.observeAtLeast(1_000_000, 100_000);
  expect(clock.earliest(1_200_000, 100_000)).toBe(before);
  expect(clock.jumps).toBe(0);
});

test("log time that was this or more, and later than it could be, jumped, and may be any later one", () => {
  const clock = new LogClock();
  clock.observe(0, 1_000_000, 2);
  clock.observeAtLeast(2_000_000, 100_000);
  expect(clock.jumps).toBe(1);
  expect(clock.now(100_000)).toBeGreaterThan(1_999_990);
  expect(clock.earliest(2_500_000, 100_000)).toBe(-Infinity);
});

test("log time that was this or more, and nothing else that is known, may be any later one", () => {
  const clock = new LogClock();
  clock.observeAtLeast(1_000_000, 2);
  expect(clock.known).toBe(true);
  expect(clock.latest(1_010_000, 2)).toBeGreaterThan(9_000);
  expect(clock.earliest(1_010_000, 2)).toBe(-Infinity);
  clock.observe(4, 1_000_000, 6);
  expect(clock.jumps).toBe(0);
  expect(clock.earliest(1_010_000, 6)).toBeGreaterThan(9_000);
});

test("log time that jumped back by less than can be seen is no jump", () => {
  const clock = new LogClock();
  clock.observe(0, 1_000_000, 10);
  clock.observe(20, 1_000_018, 30);
  expect(clock.jumps).toBe(0);
});

describe("with any rates within one hundredth, any latencies and any jumps", () => {
  const moment = fc.record({
    /** How long before the request leaves, until it is read, and until the answer is here. */
    pauseMs: fc.double({ min: 0, max: 100_000, noNaN: true }),
    thereMs: fc.double({ min: 0, max: 2_000, noNaN: true }),
    backMs: fc.double({ min: 0, max: 2_000, noNaN: true }),
    rate: fc.double({ min: 0.99, max: 1.01, noNaN: true }),
    jumpMs: fc.oneof(
      { weight: 4, arbitrary: fc.constant(0) },
      fc.integer({ min: -5_000, max: 5_000 }),
      fc.integer({ min: -9_000_000, max: 9_000_000 }),
    ),
    /** How much less than log time the answer tells, if it may be less. */
    behindMs: fc.option(fc.double({ min: 0, max: 10_000, noNaN: true }), { nil: undefined }),
  });

  /** A server whose clock runs at the given rate of ours, and may jump between two of our requests. */
  class Server {
    private local: number;
    private log = 1.7e12;

    constructor(startAt: number) {
      this.local = startAt;
    }

    get now(): number {
      return Math.floor(this.local);
    }

    get logTime(): number {
      return Math.floor(this.log);
    }

    get exact(): { readonly local: number; readonly log: number } {
      return { local: this.local, log: this.log };
    }

    passes(ms: number, rate: number): void {
      this.local += ms;
      this.log += ms * rate;
    }

    jumps(ms: number): void {
      this.log += ms;
    }
  }

  test("the bounds hold", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.array(moment, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: -50_000, max: 200_000 }),
        (startAt, moments, aheadMs) => {
          const server = new Server(startAt);
          const clock = new LogClock();
          // A jump too small to be told from latency leaves the bounds off by as much.
          let slackMs = 0;
          for (const { pauseMs, thereMs, backMs, rate, jumpMs, behindMs } of moments) {
            server.passes(pauseMs, rate);
            server.jumps(jumpMs);
            const sentAt = server.now;
            server.passes(thereMs, rate);
            const { logTime } = server;
            server.passes(backMs, 2 - rate);
            const { jumps } = clock;
            if (behindMs === undefined) clock.observe(sentAt, logTime, server.now);
            else clock.observeAtLeast(logTime - behindMs, server.now);

            slackMs = clock.jumps === jumps ? slackMs + Math.abs(jumpMs) : 0;

            // Then what it says of now is true,
            expect(clock.now(server.now)).toBeLessThanOrEqual(server.exact.log + slackMs);
            // and so is what it says of what is to come, at whatever rate time goes on.
            const target = server.logTime + aheadMs;
            const remaining = target - server.exact.log;
            for (const rate of [0.99, 1, 1.01]) {
              const reached = server.exact.local + remaining / rate;
              const [early, late] = [reached + slackMs / 0.99, reached - slackMs / 0.99];
              expect(clock.earliest(target, server.now)).toBeLessThanOrEqual(early);
              expect(clock.latest(target, server.now)).toBeGreaterThanOrEqual(late);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
