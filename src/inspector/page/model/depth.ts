/** How many wait for a semaphore, over time. Asked for the most in a span of time, however many steps that has. */

import { firstWhere } from "./search.js";

/** Steps of which the most is kept together. */
const BLOCK = 64;

export class Depth {
  private times: number[] = [];
  private values: number[] = [];
  private blocks: number[] = [];

  /** From this time on so many wait. */
  set(at: number, value: number): void {
    const index = this.values.length;
    this.times.push(at);
    this.values.push(value);
    const block = Math.floor(index / BLOCK);
    this.blocks[block] = Math.max(this.blocks[block] ?? 0, value);
  }

  get most(): number {
    return this.blocks.reduce((most, value) => Math.max(most, value), 0);
  }

  get last(): number {
    return this.values.at(-1) ?? 0;
  }

  /** The most that waited at any time from `from` until before `to`. */
  mostBetween(from: number, to: number): number {
    const first = Math.max(0, firstWhere(this.times, (time) => time > from) - 1);
    const end = firstWhere(this.times, (time) => time >= to);
    let most = 0;
    for (let index = first; index < end; ) {
      const block = index % BLOCK === 0 && index + BLOCK <= end;
      const values = block ? this.blocks[index / BLOCK] : this.values[index];
      most = Math.max(most, values ?? 0);
      index += block ? BLOCK : 1;
    }
    return (this.times[0] ?? Infinity) >= to ? 0 : most;
  }

  /** Forgets what was before that time. */
  trim(at: number): void {
    const first = Math.max(0, firstWhere(this.times, (time) => time > at) - 1);
    const [times, values] = [this.times.slice(first), this.values.slice(first)];
    this.times = [];
    this.values = [];
    this.blocks = [];
    for (const [index, time] of times.entries()) this.set(time, values[index] ?? 0);
  }
}
