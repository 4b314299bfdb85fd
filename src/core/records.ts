/**
 * A map by id that remembers what was looked up last: `decide` and `evolve` ask for the same
 * record several times in a row, and hashing it each time would be a good part of their cost.
 */

export class Records<T> {
  private readonly map = new Map<string, T>();
  private lastId = "";
  private last: T | undefined = undefined;

  get size(): number {
    return this.map.size;
  }

  get(id: string): T | undefined {
    if (id === this.lastId) return this.last;
    const record = this.map.get(id);
    this.lastId = id;
    this.last = record;
    return record;
  }

  set(id: string, record: T): void {
    this.map.set(id, record);
    this.lastId = id;
    this.last = record;
  }

  delete(id: string): void {
    this.map.delete(id);
    if (id === this.lastId) this.last = undefined;
  }

  values(): IterableIterator<T> {
    return this.map.values();
  }
}
