/** Events a second, by the numbers that the last event had at some moments. */

/** What is further back does not count any more. */
const WINDOW_MS = 3_000;

export class EventRate {
  private samples: { readonly at: number; readonly seq: number }[] = [];

  /** @param at milliseconds of a clock that never goes back */
  add(at: number, seq: number): void {
    // Another history has begun.
    if (seq < (this.samples.at(-1)?.seq ?? 0)) this.samples = [];
    this.samples.push({ at, seq });
    // One at the edge of the window or before it is needed, to count from.
    while (at - (this.samples[1]?.at ?? at) >= WINDOW_MS) this.samples.shift();
  }

  /** `undefined` while there is only one sample. */
  get value(): number | undefined {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (!first || !last || last.at <= first.at) return undefined;
    return ((last.seq - first.seq) * 1_000) / (last.at - first.at);
  }
}
