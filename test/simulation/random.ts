/** Chance that repeats itself: the same seed, the same draws, on every machine. */

export class Random {
  constructor(private state: number) {}

  /** Another source, so that more draws here change nothing there. */
  fork(salt: number): Random {
    return new Random(mix(Math.imul(this.state ^ salt, 0x9e3779b1)));
  }

  /** 0 ≤ x < 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    return (mix(this.state) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const item = list[Math.floor(this.next() * list.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }

  /** One of them, or none of none. */
  pickAny<T>(list: readonly T[]): T | undefined {
    return list.length === 0 ? undefined : this.pick(list);
  }

  /** One of the keys, by weight. */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
    let total = 0;
    let key: K;
    for (key in weights) total += weights[key] ?? 0;
    let left = this.next() * total;
    for (key in weights) {
      left -= weights[key] ?? 0;
      if (left < 0) return key;
    }
    throw new Error("nothing to weigh");
  }
}

/** The mixing of mulberry32. */
function mix(state: number): number {
  let z = Math.imul(state ^ (state >>> 15), state | 1);
  z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
  return (z ^ (z >>> 14)) | 0;
}
