/** What `--each` counts and measures, in bounded memory however many lines there are. */

import { createHistogram } from "node:perf_hooks";

export class Tally {
  /** Lines that were read. */
  read = 0;
  /** Whether there are no more to read. */
  readAll = false;
  running = 0;
  succeeded = 0;
  failed = 0;
  /** Those of the failed that got no slot in time. */
  withoutSlot = 0;
  /** Commands that a signal ended when we were told to end. */
  interrupted = 0;
  longestHold: { readonly line: string; readonly ms: number } | undefined = undefined;
  private readonly waitsUs = createHistogram();

  /** Lines that are done with, one way or another. */
  get ended(): number {
    return this.succeeded + this.failed + this.interrupted;
  }

  waited(ms: number): void {
    this.waitsUs.record(Math.max(1, Math.round(ms * 1000)));
  }

  held(line: string, ms: number): void {
    if (ms >= (this.longestHold?.ms ?? 0)) this.longestHold = { line, ms };
  }

  /** E.g. of 99 %: all but 1 % waited no longer for a slot. `undefined` if none was granted. */
  waitPercentileMs(percent: number): number | undefined {
    if (this.waitsUs.count === 0) return undefined;
    return this.waitsUs.percentile(percent) / 1000;
  }
}
