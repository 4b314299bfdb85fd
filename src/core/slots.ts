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

  isFree(number: number): boolean {
    const slot = this.used[number];
    return slot === undefined || slot.heapIndex >= 0;
  }

  take(number: number): void {
    while (this.used.length < number) this.free.put(this.slot(this.used.length));
    this.free.remove(this.slot(number));
  }

  give(number: number): void {
    this.free.put(this.slot(number));
  }

  private slot(number: number): Slot {
    const slot = this.used[number] ?? { number, heapIndex: -1 };
    this.used[number] = slot;
    return slot;
  }
}
