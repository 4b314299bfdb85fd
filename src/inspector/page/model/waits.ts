/** How long acquires of a semaphore waited for their slots, as of any event. */

import { firstWhere } from "./search.js";

/** Percentiles are over so many of the last grants. */
export const WAITS_COUNTED = 500;

export interface WaitFigures {
  readonly p50: number;
  readonly p99: number;
}

interface Wait {
  readonly seq: number;
  readonly waitedMs: number;
}

export class Waits {
  private waits: Wait[] = [];
  private known: { readonly end: number; readonly figures: WaitFigures } | undefined = undefined;

  add(seq: number, waitedMs: number): void {
    this.waits.push({ seq, waitedMs });
  }

  /** Over the last grants up to this event; `undefined` if there was none. */
  figuresAt(seq: number): WaitFigures | undefined {
    const end = firstWhere(this.waits, (wait) => wait.seq > seq);
    if (end === 0) return undefined;
    if (this.known?.end === end) return this.known.figures;
    const recent = this.waits.slice(Math.max(0, end - WAITS_COUNTED), end);
    const sorted = recent.map(({ waitedMs }) => waitedMs).sort((a, b) => a - b);
    const figures = { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
    this.known = { end, figures };
    return figures;
  }

  get size(): number {
    return this.waits.length;
  }

  trim(seq: number): void {
    this.waits = this.waits.slice(firstWhere(this.waits, (wait) => wait.seq > seq));
    this.known = undefined;
  }
}

/** The nearest rank of a sorted list. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
