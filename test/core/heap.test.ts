/** The heap against a sorted array. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { Heap, type HeapItem } from "../../src/core/heap.js";

class Item implements HeapItem {
  heapIndex = -1;
  constructor(
    readonly id: number,
    public key: number,
  ) {}
}

const before = (a: Item, b: Item) => a.key < b.key || (a.key === b.key && a.id < b.id);
const heapOf = (...items: Item[]) => {
  const heap = new Heap(before);
  for (const item of items) heap.put(item);
  return heap;
};

function drain(heap: Heap<Item>): number[] {
  const ids: number[] = [];
  for (let first = heap.peek(); first; first = heap.peek()) {
    ids.push(first.id);
    heap.remove(first);
  }
  return ids;
}

test("an empty heap has no first item", () => {
  const heap = new Heap(before);
  expect(heap.peek()).toBeUndefined();
  expect(heap.size).toBe(0);
});

test("items come out in order, whatever order they went in", () => {
  const [a, b, c] = [new Item(1, 30), new Item(2, 10), new Item(3, 20)];
  expect(drain(heapOf(a, b, c))).toEqual([2, 3, 1]);
});

test("an item whose key changed is moved by putting it again", () => {
  const [a, b, c] = [new Item(1, 10), new Item(2, 20), new Item(3, 30)];
  const heap = heapOf(a, b, c);
  a.key = 40;
  heap.put(a);
  c.key = 5;
  heap.put(c);
  expect(heap.size).toBe(3);
  expect(drain(heap)).toEqual([3, 2, 1]);
});

test("an item is taken out of the middle, once", () => {
  const [a, b, c] = [new Item(1, 10), new Item(2, 20), new Item(3, 30)];
  const heap = heapOf(a, b, c);
  heap.remove(b);
  heap.remove(b);
  expect(b.heapIndex).toBe(-1);
  expect(drain(heap)).toEqual([1, 3]);
});

test("the first item is that of a sorted array, after any puts, moves and removals", () => {
  const change = fc.record({
    id: fc.nat({ max: 15 }),
    key: fc.nat({ max: 20 }),
    out: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change, { size: "max", maxLength: 200 }), (changes) => {
      const items = Array.from({ length: 16 }, (_, id) => new Item(id, 0));
      const heap = new Heap(before);
      const model = new Map<number, Item>();
      for (const { id, key, out } of changes) {
        const item = items[id] as Item;
        if (out) {
          heap.remove(item);
          model.delete(id);
        } else {
          item.key = key;
          heap.put(item);
          model.set(id, item);
        }
        const [first] = [...model.values()].sort((a, b) => (before(a, b) ? -1 : 1));
        expect(heap.peek()).toBe(first);
        expect(heap.size).toBe(model.size);
      }
    }),
  );
});
