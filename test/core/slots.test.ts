/** The lowest free slot number is given first. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { Slots } from "../../src/core/slots.js";

test("slots are given from 0 upwards", () => {
  const slots = new Slots();
  expect(slots.lowestFree()).toBe(0);
  slots.take(0);
  expect(slots.lowestFree()).toBe(1);
});

test("one that is given back is the next, if it is the lowest", () => {
  const slots = new Slots();
  for (const number of [0, 1, 2]) slots.take(number);
  slots.give(1);
  expect(slots.lowestFree()).toBe(1);
  slots.give(0);
  expect(slots.lowestFree()).toBe(0);
});

test("a slot far up can be taken at once, as after a restart", () => {
  const slots = new Slots();
  slots.take(3);
  expect(slots.lowestFree()).toBe(0);
  for (const number of [0, 1, 2]) slots.take(number);
  expect(slots.lowestFree()).toBe(4);
});

test("one is free until it is taken, and once it is given back, however far up", () => {
  const slots = new Slots();
  const free = () => [0, 1, 2, 3, 999_999].filter((number) => slots.isFree(number));
  expect(free()).toEqual([0, 1, 2, 3, 999_999]);
  slots.take(2);
  expect(free()).toEqual([0, 1, 3, 999_999]);
  slots.take(0);
  expect(free()).toEqual([1, 3, 999_999]);
  slots.give(2);
  expect(free()).toEqual([1, 2, 3, 999_999]);
});

test("it agrees with a set of numbers, after any takes and gives", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 20 }), { size: "max", maxLength: 100 }), (numbers) => {
      const slots = new Slots();
      const taken = new Set<number>();
      for (const number of numbers) {
        if (taken.delete(number)) slots.give(number);
        else {
          taken.add(number);
          slots.take(number);
        }
        let lowest = 0;
        while (taken.has(lowest)) lowest++;
        expect(slots.lowestFree()).toBe(lowest);
      }
      const all = Array.from({ length: 22 }, (_, number) => number);
      expect(all.filter((number) => !slots.isFree(number))).toEqual(
        all.filter((number) => taken.has(number)),
      );
    }),
  );
});
