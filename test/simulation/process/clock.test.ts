/** Clocks of processes, as they should be and as they should not. */

import { beforeEach, expect, test } from "vitest";
import { Random } from "../random.js";
import { Timeline } from "../timeline.js";
import { ProcessClock } from "./clock.js";
import { Host } from "./host.js";

let timeline: Timeline;
let clock: ProcessClock;
/** What the clock showed when its alarm rang. */
let rungAt: number[];

beforeEach(() => {
  timeline = new Timeline();
  clock = new ProcessClock(new Host("p", timeline), new Random(1), 5000, 1);
  rungAt = [];
});

function setAlarm(at: number): void {
  clock.alarm(() => rungAt.push(clock.now())).set(at);
}

async function pass(ms: number): Promise<void> {
  await timeline.run(timeline.now + ms);
}

test("after a jump ahead, what it passed rings", async () => {
  setAlarm(3_000_000);
  clock.jump(3_600_000);
  await pass(2);
  expect(clock.now()).toBe(3_605_002);
  expect(rungAt).toHaveLength(1);
  expect(clock.isWrong).toBe(true);
});

test("while it stands still nothing rings, and it has lost that time", async () => {
  setAlarm(5100);
  await pass(50);
  clock.go(0);
  await pass(10_000);
  expect([clock.now(), rungAt]).toEqual([5050, []]);
  expect(clock.lostMs).toBeCloseTo(9900, 0);
  clock.go();
  await pass(52);
  expect(rungAt).toHaveLength(1);
  expect(clock.isWrong).toBe(false);
});

test("at another rate its alarms ring by that, and it never goes back", async () => {
  setAlarm(6000);
  await pass(500);
  clock.go(2);
  expect(clock.now()).toBe(5500);
  await pass(252);
  expect(rungAt).toHaveLength(1);
  expect(rungAt[0]).toBeGreaterThanOrEqual(6000);
  expect(clock.lostMs).toBe(0);
});

test("a drift of one hundredth is no loss", async () => {
  clock.go(0.99);
  await pass(100_000);
  expect(clock.lostMs).toBeCloseTo(0, 6);
  expect(clock.isWrong).toBe(false);
});

test("an alarm that was cleared stays silent, also after a jump", async () => {
  const alarm = clock.alarm(() => rungAt.push(clock.now()));
  alarm.set(6000);
  alarm.clear();
  clock.jump(3_600_000);
  await pass(5000);
  expect(rungAt).toEqual([]);
});
