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

  /**
   * At some local moment from `sentAt` to `receivedAt`, log time was `logTime`; `orMore`, as where it
   * stands still because the server's clock was set back, and goes on by the ticks of a leader. Returns by how
   * many milliseconds it jumped against what was known, rounded up so that deadlines shifted by it come no
   * earlier; 0 if it didn't.
   */
  observe(sentAt: number, logTime: number, receivedAt: number, orMore = false): number {
    const drift = DRIFT * (receivedAt - sentAt + ROUNDING_MS);
    const low = sentAt - logTime - ROUNDING_MS - drift;
    const high = receivedAt - logTime + ROUNDING_MS + drift;
    const [knownLow, knownHigh] = [this.lowAt(receivedAt), this.highAt(receivedAt)];
    const jumped = high < knownLow || (low > knownHigh && !orMore);
    if (jumped) this.low = low;
    else this.low = orMore ? knownLow : Math.max(low, knownLow);
    this.high = jumped ? high : Math.min(high, knownHigh);
    this.observedAt = receivedAt;
    if (!jumped) return 0;
    this.jumps++;
    return Math.ceil(knownHigh - low);
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
