/** A linked list, against an array. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { List, ListNode } from "../../src/core/list.js";

const nodes = <T>(...values: T[]) => values.map((value) => new ListNode(value));

function listOf<T>(...members: ListNode<T>[]): List<T> {
  const list = new List<T>();
  for (const node of members) list.push(node);
  return list;
}

test("an empty list has neither head nor tail", () => {
  const list = listOf();
  expect([...list]).toEqual([]);
  expect(list).toMatchObject({ head: undefined, tail: undefined, size: 0 });
});

test("nodes stand in the order in which they were pushed", () => {
  const list = listOf(...nodes("a", "b", "c"));
  expect([...list]).toEqual(["a", "b", "c"]);
  expect([list.head?.value, list.tail?.value, list.size]).toEqual(["a", "c", 3]);
});

test.each([
  ["the head", 0, ["b", "c"]],
  ["the middle", 1, ["a", "c"]],
  ["the tail", 2, ["a", "b"]],
])("%s can be taken out", (_which, index, rest) => {
  const members = nodes("a", "b", "c");
  const list = listOf(...members);
  for (const node of members.slice(index, index + 1)) list.remove(node);
  expect([...list]).toEqual(rest);
  expect([list.head?.value, list.tail?.value]).toEqual([rest[0], rest[1]]);
});

test("a node that is pushed elsewhere leaves the list it was in", () => {
  const members = nodes("a", "b");
  const from = listOf(...members);
  const to = listOf(...members.slice(0, 1));
  expect([[...from], [...to]]).toEqual([["b"], ["a"]]);
});

test("a node of another list stays where it is", () => {
  const members = nodes("a");
  const list = listOf(...members);
  for (const node of members) new List<string>().remove(node);
  expect([...list]).toEqual(["a"]);
});

test("it is an array, after any pushes and removals", () => {
  const change = fc.record({ value: fc.nat({ max: 9 }), out: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change, { size: "max", maxLength: 100 }), (changes) => {
      const members = nodes(...Array(10).keys());
      const list = new List<number>();
      let model: number[] = [];
      for (const { value, out } of changes) {
        model = model.filter((other) => other !== value);
        if (!out) model.push(value);
        for (const node of members.slice(value, value + 1)) {
          if (out) list.remove(node);
          else list.push(node);
        }
        expect([...list]).toEqual(model);
        expect([list.head?.value, list.tail?.value]).toEqual([model[0], model.at(-1)]);
        expect(list.size).toBe(model.length);
      }
    }),
  );
});
