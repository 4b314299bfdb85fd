/**
 * True time, which nobody in the world can read, and all that will happen in it. Between two events
 * every promise that can settle does.
 */

import { setImmediate } from "node:timers/promises";
import { Heap } from "../../src/core/heap.js";

/** Something that will happen. */
export interface Appointment {
  cancel(): void;
}

export class Timeline {
  private time = 0;
  private made = 0;
  private readonly coming = new Heap<Happening>(byTime);

  /** Milliseconds since the world began. */
  get now(): number {
    return this.time;
  }

  at(time: number, happen: () => void): Appointment {
    const happening = new Happening(Math.max(time, this.time), ++this.made, happen);
    this.coming.put(happening);
    return { cancel: () => this.coming.remove(happening) };
  }

  after(ms: number, happen: () => void): Appointment {
    return this.at(this.time + ms, happen);
  }

  /** Lets everything happen that comes before this time, until `isOver()`. */
  async run(until: number, isOver: () => boolean = () => false): Promise<void> {
    await setImmediate();
    for (let next = this.coming.peek(); next && next.time <= until; next = this.coming.peek()) {
      if (isOver()) return;
      this.coming.remove(next);
      this.time = next.time;
      next.happen();
      await setImmediate();
    }
    if (!isOver()) this.time = until;
  }
}

class Happening {
  heapIndex = -1;

  constructor(
    readonly time: number,
    readonly order: number,
    readonly happen: () => void,
  ) {}
}

function byTime(a: Happening, b: Happening): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
