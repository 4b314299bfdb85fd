/**
 * Which slot numbers of one semaphore are free. The lowest free one is given first;
 * finding, taking and returning one is O(log n) in the slots that were ever used.
 */

import { Heap, type HeapItem } from "./heap.js";

interface Slot extends HeapItem {
  readonly number: number;
}

export class Slots {
  /** Every slot that was ever taken; the numbers above are free and untouched. */
  private readonly used: Slot[] = [];
  private readonly free = new Heap<Slot>((a, b) => a.number < b.number);

  /** The lowest free slot number. */
  lowestFree(): number {
    return this.free.peek()?.number ?? this.used.length;
  }

  take(number: number): void {
    while (this.used.length <= number) this.give(this.used.length);
    const slot = this.used[number];
    if (slot) this.free.remove(slot);
  }

  give(number: number): void {
    const slot = this.used[number] ?? { number, heapIndex: -1 };
    this.used[number] = slot;
    this.free.put(slot);
  }
}
