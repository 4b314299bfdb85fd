/**
 * A binary heap that knows where each item stands, so that an item can be moved or removed
 * in O(log n). An item is in one heap at most and carries its place there.
 * `before` must be a total order: the first item is then a function of the content alone.
 */

export interface HeapItem {
  /** Place in the heap's array, or -1 outside of it. */
  heapIndex: number;
}

export class Heap<T extends HeapItem> {
  private readonly items: T[] = [];

  constructor(private readonly before: (a: T, b: T) => boolean) {}

  get size(): number {
    return this.items.length;
  }

  /** The first item in order. */
  peek(): T | undefined {
    return this.items[0];
  }

  /** Adds the item, or moves it to its place after its key has changed. */
  put(item: T): void {
    if (item.heapIndex < 0) {
      this.items.push(item);
      item.heapIndex = this.items.length - 1;
    }
    this.rise(item);
    this.sink(item);
  }

  /** Takes the item out; nothing happens if it is not in the heap. */
  remove(item: T): void {
    const index = item.heapIndex;
    if (index < 0) return;
    item.heapIndex = -1;
    const last = this.items.pop();
    if (last === undefined || last === item) return;
    this.place(last, index);
    this.rise(last);
    this.sink(last);
  }

  private rise(item: T): void {
    while (item.heapIndex > 0) {
      const parent = this.items[(item.heapIndex - 1) >> 1];
      if (parent === undefined || !this.before(item, parent)) return;
      this.swap(item, parent);
    }
  }

  private sink(item: T): void {
    for (;;) {
      const left = this.items[2 * item.heapIndex + 1];
      const right = this.items[2 * item.heapIndex + 2];
      const child = left && right && this.before(right, left) ? right : left;
      if (child === undefined || !this.before(child, item)) return;
      this.swap(child, item);
    }
  }

  /** Puts `lower`, which stands below, in the place of `upper`, and the other way round. */
  private swap(lower: T, upper: T): void {
    const place = upper.heapIndex;
    this.place(upper, lower.heapIndex);
    this.place(lower, place);
  }

  private place(item: T, index: number): void {
    this.items[index] = item;
    item.heapIndex = index;
  }
}
