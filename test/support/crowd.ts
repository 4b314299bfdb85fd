/** Very many acquisitions of one process: all slots are held, thousands wait, and somebody always lets go. */

import { MemoryCoordinator } from "../../src/index.js";
import type { Acquisition } from "../../src/session/acquisition.js";

const KEPT = 150_000;

export class Crowd {
  readonly coordinator = new MemoryCoordinator({ threads: "isolated", historyRetention: KEPT });
  /** How many there were, at least. */
  events = 0;
  private readonly held: Acquisition[] = [];
  private timer: NodeJS.Timeout | undefined = undefined;
  private readonly semaphore;

  constructor({ slots, waiters }: { readonly slots: number; readonly waiters: number }) {
    this.semaphore = this.coordinator.semaphore({ name: "crowd", value: slots });
    for (let count = 0; count < slots + waiters; count++) this.join();
    this.events += slots * 2 + waiters;
  }

  /** One lets go, the next one is served, and another one joins the queue: three events each. */
  turn(): void {
    const acquisition = this.held.shift();
    if (acquisition === undefined) return;
    void acquisition.release();
    this.join();
    this.events += 3;
  }

  /** Lets it go on until there were so many events. Promises are told between. */
  async live(events: number): Promise<void> {
    while (this.events < events) {
      for (let count = 0; count < 100; count++) this.turn();
      await new Promise(setImmediate);
    }
  }

  /** From now on so many events a second. */
  start(perSecond: number): void {
    const begun = performance.now();
    let made = 0;
    this.timer = setInterval(() => {
      const due = ((performance.now() - begun) / 1_000) * (perSecond / 3);
      for (; made < due; made++) this.turn();
    }, 10);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private join(): void {
    void this.semaphore.acquire().then(
      (acquisition) => this.held.push(acquisition),
      // Closed at the end.
      () => undefined,
    );
  }
}
