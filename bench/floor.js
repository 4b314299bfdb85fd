// @ts-check
// The floor under any in-memory semaphore with a history: a counter, an id, the time, three events
// in a ring, a promise. No queue, no TTL, no sessions, no machine: only for comparison.

import { performance } from "node:perf_hooks";

const origin = performance.timeOrigin;
const now = () => Math.floor(origin + performance.now());

export class Floor {
  #free;
  #ids = 0;
  #seq = 0;
  #next = 0;
  /** @type {object[]} */
  #ring = new Array(10_000);

  /** @param {number} slots */
  constructor(slots) {
    this.#free = slots;
  }

  /** @returns {Promise<{ release(): void }>} */
  acquire() {
    if (this.#free === 0) return Promise.reject(new Error("the floor has no queue"));
    this.#free--;
    const at = now();
    const acquisition = `abcdefghijkl-${++this.#ids}`;
    this.#keep({ seq: ++this.#seq, at, type: "queued", acquisition, session: "s", number: 1 });
    this.#keep({ seq: ++this.#seq, at, type: "granted", acquisition, session: "s", slot: 0 });
    return Promise.resolve({ release: () => this.#release(acquisition) });
  }

  /** @param {string} acquisition */
  #release(acquisition) {
    this.#free++;
    this.#keep({ seq: ++this.#seq, at: now(), type: "released", acquisition, session: "s" });
  }

  /** @param {object} event */
  #keep(event) {
    this.#ring[this.#next] = event;
    this.#next = (this.#next + 1) % this.#ring.length;
  }
}
