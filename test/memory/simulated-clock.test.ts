/** The clock of slotstream/testing: stands still until it is told to go on. */

import { describe, expect, test } from "vitest";
import { SimulatedClock, TestCoordinator } from "../../src/testing.js";

/** Alarms that write down when they rang. */
function given(startAt?: number) {
  const clock = new SimulatedClock(startAt);
  const rang: [name: string, at: number][] = [];
  const alarm = (name: string, act = () => {}) =>
    clock.alarm(() => {
      rang.push([name, clock.now()]);
      act();
    });
  return { clock, rang, alarm };
}

test("begins at 0, or where it is told", () => {
  expect(new SimulatedClock().now()).toBe(0);
  expect(new SimulatedClock(1_700_000_000_000).now()).toBe(1_700_000_000_000);
});

test("advances by what it is told", () => {
  const { clock } = given(5);
  clock.advance(10);
  clock.advance(0);
  expect(clock.now()).toBe(15);
});

test.each([-1, Number.NaN])("refuses to advance by %d ms", (ms) => {
  expect(() => given().clock.advance(ms)).toThrow(RangeError);
});

test("alarms ring in order of their time, while the clock shows it", () => {
  const { clock, rang, alarm } = given();
  alarm("late").set(30);
  alarm("early").set(10);
  alarm("beyond").set(41);
  clock.advance(40);
  expect(rang).toEqual([
    ["early", 10],
    ["late", 30],
  ]);
  expect(clock.now()).toBe(40);
});

test("alarms of the same time ring in the order in which they were set", () => {
  const { clock, rang, alarm } = given();
  for (const name of ["a", "b", "c"]) alarm(name).set(10);
  clock.advance(10);
  expect(rang.map(([name]) => name)).toEqual(["a", "b", "c"]);
});

test("an alarm of the past rings as soon as time goes on", () => {
  const { clock, rang, alarm } = given(100);
  alarm("past").set(50);
  clock.advance(0);
  expect(rang).toEqual([["past", 100]]);
});

test("an alarm rings once, unless it is set again", () => {
  const { clock, rang, alarm } = given();
  const again = alarm("again", () => again.set(clock.now() + 10));
  alarm("once").set(10);
  again.set(10);
  clock.advance(30);
  expect(rang.filter(([name]) => name === "again").map(([, at]) => at)).toEqual([10, 20, 30]);
  expect(rang.filter(([name]) => name === "once").length).toBe(1);
});

test("the last setting counts, and a cleared alarm is silent", () => {
  const { clock, rang, alarm } = given();
  const moved = alarm("moved");
  moved.set(10);
  moved.set(20);
  const cleared = alarm("cleared");
  cleared.set(15);
  cleared.clear();
  clock.advance(30);
  expect(rang).toEqual([["moved", 20]]);
});

test("whoever advances it from within an alarm does not turn it back", () => {
  const { clock, rang, alarm } = given();
  alarm("impatient", () => clock.advance(100)).set(10);
  alarm("later").set(60);
  clock.advance(20);
  expect(clock.now()).toBe(110);
  expect(rang).toEqual([
    ["impatient", 10],
    ["later", 60],
  ]);
});

describe("a TestCoordinator", () => {
  const ids = async () => {
    const coordinator = new TestCoordinator();
    const semaphore = coordinator.semaphore({ name: "api", value: 2 });
    const slots = [await semaphore.acquire(), await semaphore.acquire()];
    return slots.map(({ id, fencingToken }) => [id, fencingToken]);
  };

  test("gives the same ids and tokens in every run", async () => {
    expect(await ids()).toEqual(await ids());
  });

  test("has slots of its own", async () => {
    const [one, other] = [new TestCoordinator(), new TestCoordinator()];
    await one.semaphore({ name: "api", value: 1 }).acquire();
    expect(await other.semaphore({ name: "api", value: 1 }).locked()).toBe(false);
  });

  test("begins at the time that it is told", async () => {
    const coordinator = new TestCoordinator({ startAt: 1_700_000_000_000 });
    const slot = await coordinator.semaphore({ name: "api", value: 1 }).acquire();
    expect(slot.grantedAt).toBe(1_700_000_000_000);
    expect(slot.fencingToken).toBe(1_700_000_000_000_000);
  });

  test("gives whole fencing tokens also at fractions of a millisecond", async () => {
    const coordinator = new TestCoordinator();
    const semaphore = coordinator.semaphore({ name: "api", value: 1 });
    for (let i = 0; i < 3; i++) coordinator.clock.advance(0.1);
    expect(await semaphore.use(({ fencingToken }) => fencingToken)).toSatisfy(Number.isSafeInteger);
  });

  test.each([
    { startAt: -5 },
    { startAt: Number.NaN },
    { historyRetention: -1 },
    { historyRetention: Number.NaN },
    { retention: 7 },
  ])("refuses %o", (options) => {
    expect(() => new TestCoordinator(options)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  });
});
