/**
 * What a clock of ours knows about log time, from round trips: bounds on how far the two are apart.
 * Sessions take the safe side for their deadlines, a leader takes it for its ticks.
 */

/** Two clocks may run at rates that differ by so much. */
const DRIFT = 0.01;
/** Both clocks cut off fractions. */
const ROUNDING_MS = 1;

export class LogClock {
  /** How often log time jumped: what was computed before holds no more, what was awaited still does. */
  jumps = 0;
  /** Bounds on (local − log) when it was last observed. */
  private low = -Infinity;
  private high = Infinity;
  private observedAt = 0;

  /** Whether log time was ever observed. */
  get known(): boolean {
    return this.high < Infinity;
  }

  /** At some local moment from `sentAt` to `receivedAt`, log time was `logTime`. */
  observe(sentAt: number, logTime: number, receivedAt: number): void {
    const drift = DRIFT * (receivedAt - sentAt + ROUNDING_MS);
    const low = sentAt - logTime - ROUNDING_MS - drift;
    const high = receivedAt - logTime + ROUNDING_MS + drift;
    const jumped = high < this.lowAt(receivedAt) || low > this.highAt(receivedAt);
    this.settle(low, high, receivedAt, jumped);
  }

  /** At this local moment, log time was `logTime` or more: it may have stood still, and have gone on since. */
  observeAtLeast(logTime: number, receivedAt: number): void {
    const high = receivedAt - logTime + (1 + DRIFT) * ROUNDING_MS;
    this.settle(-Infinity, high, receivedAt, high < this.lowAt(receivedAt));
  }

  private settle(low: number, high: number, now: number, jumped: boolean): void {
    this.low = jumped ? low : Math.max(low, this.lowAt(now));
    this.high = jumped ? high : Math.min(high, this.highAt(now));
    this.observedAt = now;
    if (jumped) this.jumps++;
  }

  /** The local time at which log time reaches `logTime`, or somewhat earlier; `-Infinity` if nothing is known. */
  earliest(logTime: number, local: number): number {
    const remaining = logTime - (local - this.lowAt(local));
    return Math.floor(local + remaining / (remaining > 0 ? 1 + DRIFT : 1 - DRIFT));
  }

  /** The local time at which log time reaches `logTime`, or somewhat later; `Infinity` if nothing is known. */
  latest(logTime: number, local: number): number {
    const remaining = logTime - (local - this.highAt(local));
    return Math.ceil(local + remaining / (remaining > 0 ? 1 - DRIFT : 1 + DRIFT));
  }

  /** Log time now, or somewhat less; `-Infinity` if nothing is known. */
  now(local: number): number {
    return Math.floor(local - this.highAt(local));
  }

  private lowAt(local: number): number {
    return this.low - DRIFT * (local - this.observedAt + ROUNDING_MS);
  }

  private highAt(local: number): number {
    return this.high + DRIFT * (local - this.observedAt + ROUNDING_MS);
  }
}
