/** A map that keeps its newest entry aside: nobody may notice. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { Records } from "../../src/core/records.js";

test("what is not there is not found, not even the empty id", () => {
  const records = new Records<number>();
  expect([records.get("a"), records.get("")]).toEqual([undefined, undefined]);
});

test("what was looked up in vain and then added is found", () => {
  const records = new Records<number>();
  records.get("a");
  records.add("a", 1);
  expect(records.get("a")).toBe(1);
});

test("the newest is found and deleted like all others", () => {
  const records = new Records<number>();
  records.add("a", 1);
  records.add("b", 2);
  records.delete("b");
  expect([records.get("a"), records.get("b"), records.size]).toEqual([1, undefined, 1]);
});

test("it is a map, after any lookups, additions and deletions", () => {
  const change = fc.record({
    id: fc.constantFrom("a", "b", "c", "d"),
    what: fc.constantFrom("get", "add", "delete"),
    value: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(change, { size: "max", maxLength: 100 }), (changes) => {
      const records = new Records<number>();
      const model = new Map<string, number>();
      for (const { id, what, value } of changes) {
        if (what === "add" && !model.has(id)) {
          records.add(id, value);
          model.set(id, value);
        } else if (what === "delete") {
          records.delete(id);
          model.delete(id);
        } else {
          expect(records.get(id)).toBe(model.get(id));
        }
        expect([...records.values()]).toEqual([...model.values()]);
        expect(records.size).toBe(model.size);
      }
    }),
  );
});
