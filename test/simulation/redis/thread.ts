/**
 * The server's one thread. While a script runs, nothing else does, and what was said meanwhile is sent
 * when it ends. So a slow script of anybody makes everybody wait.
 */

import type { Timeline } from "../timeline.js";

export class Thread {
  private isBusy = false;
  /** How long the next thing takes that it does. */
  private nextTakesMs = 0;
  private waiting: (() => void)[] = [];
  private unsent: (() => void)[] = [];
  /** Counts stops: what a stopped server was at never ends. */
  private life = 0;

  constructor(private readonly timeline: Timeline) {}

  /** The next thing that it does takes so long. */
  slowDown(ms: number): void {
    this.nextTakesMs = Math.max(this.nextTakesMs, ms);
  }

  /** Does it, at once or when it is its turn. */
  run(work: () => void): void {
    if (this.isBusy) {
      this.waiting.push(work);
      return;
    }
    const ms = this.nextTakesMs;
    this.nextTakesMs = 0;
    if (ms > 0) this.occupy(ms);
    work();
  }

  /** Sends something to somebody. */
  say(send: () => void): void {
    if (this.isBusy) this.unsent.push(send);
    else send();
  }

  stop(): void {
    this.life++;
    this.isBusy = false;
    this.nextTakesMs = 0;
    this.waiting = [];
    this.unsent = [];
  }

  private occupy(ms: number): void {
    const { life } = this;
    this.isBusy = true;
    this.timeline.after(ms, () => {
      if (life === this.life) this.proceed();
    });
  }

  private proceed(): void {
    this.isBusy = false;
    const [unsent, waiting] = [this.unsent, this.waiting];
    this.unsent = [];
    this.waiting = [];
    for (const send of unsent) send();
    // One of them may be slow as well: then those behind it wait again.
    for (const work of waiting) this.run(work);
  }
}
