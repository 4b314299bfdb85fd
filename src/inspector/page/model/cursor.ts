/** The state at a past event. It moves there in steps, so that the page answers meanwhile. */

import { restoring, type Snapshot } from "../../../core/snapshot.js";
import { State } from "../../../core/state.js";
import type { HasTime } from "./budget.js";
import { reapply, type Timeline } from "./timeline.js";

/** Events that are applied between two looks at the clock. */
const STEP = 32;

export class Cursor {
  /** The state that it has come to. Nobody else changes it. */
  state: State;
  private target: number;
  private loading: Generator<void, State, void> | undefined = undefined;
  private loadingSeq = 0;

  constructor(private readonly timeline: Timeline) {
    this.state = timeline.hasBegun ? timeline.first() : new State();
    this.target = this.state.seq;
  }

  /** From now on it goes to the state after this event, or to the nearest one that is kept. */
  seek(seq: number): void {
    const { start, end } = this.timeline;
    this.target = Math.min(Math.max(seq, start), end);
  }

  /** Goes on. Returns whether it has arrived. */
  goOn(hasTime: HasTime): boolean {
    while (this.state.seq !== this.target) {
      if (!hasTime()) return false;
      this.step();
    }
    return true;
  }

  private step(): void {
    const mark = this.timeline.markBefore(this.target);
    const { seq } = this.state;
    if (this.loading) this.load(this.loading, mark);
    else if (seq > this.target || mark.seq > seq) this.beginAt(mark);
    else this.applyUpTo(Math.min(this.target, seq + STEP));
  }

  private applyUpTo(last: number): void {
    for (let seq = this.state.seq + 1; seq <= last; seq++) {
      const event = this.timeline.eventAt(seq);
      if (event) reapply(this.state, event);
    }
  }

  private beginAt(mark: Snapshot): void {
    this.loading = restoring(mark);
    this.loadingSeq = mark.seq;
  }

  private load(loading: Generator<void, State, void>, mark: Snapshot): void {
    // Where to has changed meanwhile: what is loaded leads elsewhere.
    if (mark.seq !== this.loadingSeq) {
      this.beginAt(mark);
      return;
    }
    const { done, value } = loading.next();
    if (!done) return;
    this.loading = undefined;
    this.state = value;
  }
}
