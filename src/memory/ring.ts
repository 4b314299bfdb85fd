/** Keeps the last so many of what is pushed. */

export class Ring<T> {
  private readonly items: T[] = [];
  /** Where the oldest stands, once the ring is full. */
  private start = 0;

  constructor(readonly capacity: number) {}

  push(item: T): void {
    if (this.items.length < this.capacity) {
      this.items.push(item);
    } else if (this.capacity > 0) {
      this.items[this.start] = item;
      this.start = this.start + 1 === this.capacity ? 0 : this.start + 1;
    }
  }

  /** From the oldest to the newest, as they are now. */
  toArray(): T[] {
    return [...this.items.slice(this.start), ...this.items.slice(0, this.start)];
  }
}
