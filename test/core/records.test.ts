/** A map that remembers the last lookup: it must never remember wrongly. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { Records } from "../../src/core/records.js";

test("what is not there is not found, not even the empty id", () => {
  const records = new Records<number>();
  expect([records.get("a"), records.get("a"), records.get("")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("what was looked up in vain and then set is found", () => {
  const records = new Records<number>();
  records.get("a");
  records.set("a", 1);
  expect(records.get("a")).toBe(1);
});

test("what was just looked up and then deleted is not found", () => {
  const records = new Records<number>();
  records.set("a", 1);
  records.set("b", 2);
  records.get("a");
  records.delete("a");
  expect([records.get("a"), records.get("b"), records.size]).toEqual([undefined, 2, 1]);
});

test("it is a map, after any lookups, changes and deletions", () => {
  const change = fc.record({
    id: fc.constantFrom("", "a", "b", "c"),
    what: fc.constantFrom("get", "set", "delete"),
    value: fc.nat(),
  });
  fc.assert(
    fc.property(fc.array(change, { size: "max", maxLength: 100 }), (changes) => {
      const records = new Records<number>();
      const model = new Map<string, number>();
      for (const { id, what, value } of changes) {
        if (what === "set") {
          records.set(id, value);
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
