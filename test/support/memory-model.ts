/**
 * A semaphore as a child would write it: a list of all that ever asked, and a number of slots. Slow,
 * obvious, and the judge of the real one.
 */

export interface Asked {
  readonly ttlMs?: number | undefined;
  readonly maxAcquireTimeMs?: number | undefined;
  readonly maxQueueSize?: number | undefined;
  readonly heartbeatMaxIntervalMs?: number | undefined;
}

interface Entry {
  readonly asked: Asked;
  /** What its caller knows. */
  outcome: string;
  slot: number | undefined;
  /** When its wait or its TTL ends. */
  deadline: number;
  /** The place in the order of the grants. */
  turn: number;
}

export class Model {
  readonly entries: Entry[] = [];
  private now = 0;
  private turns = 0;

  constructor(private value: number) {}

  /** The indexes of those who wait, in order. */
  get queue(): number[] {
    return this.indexes((entry) => entry.outcome === "waits");
  }

  /** The indexes of those who hold, in order of the grants. */
  get holders(): number[] {
    const holding = this.indexes(({ slot }) => slot !== undefined);
    return holding.sort((a, b) => (this.at(a)?.turn ?? 0) - (this.at(b)?.turn ?? 0));
  }

  get outcomes(): string[] {
    return this.entries.map(({ outcome }) => outcome);
  }

  slotOf(index: number): number | undefined {
    return this.at(index)?.slot;
  }

  get stats() {
    const [acquiredSlots, queued] = [this.holders.length, this.queue.length];
    const full = acquiredSlots + queued > 0 ? 100 : 0;
    const acquiredPercent = this.value > 0 ? (100 * acquiredSlots) / this.value : full;
    return { acquiredSlots, maxSlots: this.value, acquiredPercent, queued };
  }

  acquire(asked: Asked): void {
    const full = this.locked && this.queue.length >= (asked.maxQueueSize ?? Infinity);
    const deadline = full ? Infinity : this.now + (asked.maxAcquireTimeMs ?? Infinity);
    const outcome = full ? "QueueFullError" : "waits";
    this.entries.push({ asked, outcome, slot: undefined, deadline, turn: 0 });
    this.grant();
  }

  tryAcquire(asked: Asked): void {
    const outcome = this.locked ? "nothing" : "waits";
    this.entries.push({ asked, outcome, slot: undefined, deadline: Infinity, turn: 0 });
    this.grant();
  }

  release(index: number): boolean {
    if (this.slotOf(index) === undefined) return false;
    this.end(index, "released");
    return true;
  }

  cancel(index: number): void {
    if (this.at(index)?.outcome === "waits") this.end(index, "the caller's reason");
  }

  revoke(index: number): boolean {
    if (this.slotOf(index) !== undefined) this.end(index, "lost: revoked");
    else if (this.at(index)?.outcome === "waits") this.end(index, "AcquireCancelledError");
    else return false;
    return true;
  }

  resize(value: number): boolean {
    const changed = value !== this.value;
    this.value = value;
    this.grant();
    return changed;
  }

  /** Moment by moment: what is due ends, then those who wait are served. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (let next = this.nextDeadline(); next <= end; next = this.nextDeadline()) {
      this.now = next;
      for (const index of this.indexes((entry) => entry.deadline === next)) {
        const held = this.slotOf(index) !== undefined;
        this.end(index, held ? "lost: ttl" : "AcquireTimeoutError", false);
      }
      this.grant();
    }
    this.now = end;
  }

  /** A new one would have to wait. */
  get locked(): boolean {
    return this.queue.length > 0 || this.holders.length >= this.value;
  }

  private grant(): void {
    for (const index of this.queue) {
      const entry = this.at(index);
      if (entry === undefined || this.holders.length >= this.value) return;
      const taken = this.holders.map((holder) => this.slotOf(holder));
      entry.slot = taken.length;
      for (let slot = taken.length; slot >= 0; slot--) if (!taken.includes(slot)) entry.slot = slot;
      entry.turn = ++this.turns;
      entry.deadline = this.now + (entry.asked.ttlMs ?? Infinity);
      entry.outcome = `slot ${entry.slot}`;
    }
  }

  private end(index: number, outcome: string, thenGrant = true): void {
    const entry = this.at(index);
    if (entry === undefined) return;
    entry.outcome = entry.slot === undefined ? outcome : `slot ${entry.slot}, ${outcome}`;
    entry.slot = undefined;
    entry.deadline = Infinity;
    if (thenGrant) this.grant();
  }

  private nextDeadline(): number {
    return Math.min(Infinity, ...this.entries.map(({ deadline }) => deadline));
  }

  private at(index: number): Entry | undefined {
    return this.entries[index];
  }

  private indexes(which: (entry: Entry) => boolean): number[] {
    return [...this.entries.keys()].filter((index) => {
      const entry = this.at(index);
      return entry !== undefined && which(entry);
    });
  }
}
