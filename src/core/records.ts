/**
 * A map by id whose newest entry stays outside of the hash table until another one comes. What is
 * added, looked up and deleted before that, as an acquisition that nobody else waits for, never
 * costs a hash, which would be a good part of what it costs at all.
 */

export class Records<T> {
  private readonly older = new Map<string, T>();
  private newestId = "";
  private newest: T | undefined = undefined;

  get size(): number {
    return this.older.size + (this.newest === undefined ? 0 : 1);
  }

  get(id: string): T | undefined {
    if (this.newest !== undefined && id === this.newestId) return this.newest;
    return this.older.size === 0 ? undefined : this.older.get(id);
  }

  /** The id must be new. */
  add(id: string, record: T): void {
    if (this.newest !== undefined) this.older.set(this.newestId, this.newest);
    this.newestId = id;
    this.newest = record;
  }

  delete(id: string): void {
    if (this.newest !== undefined && id === this.newestId) this.newest = undefined;
    else this.older.delete(id);
  }

  /** In the order in which they were added. */
  *values(): Generator<T> {
    yield* this.older.values();
    if (this.newest !== undefined) yield this.newest;
  }
}
