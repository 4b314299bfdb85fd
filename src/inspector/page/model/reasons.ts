/** Why an acquisition waits, holds or has ended, at any event: what `explain` answers, without reading all anew. */

import type { State } from "../../../core/state.js";
import { Evidence } from "../../../history/evidence.js";
import type { Explanation } from "../../../history/explanation.js";
import { why } from "../../../history/why.js";
import type { HasTime } from "./budget.js";
import type { Lookup } from "./lookup.js";
import type { Timeline } from "./timeline.js";

export class Reasons {
  private evidence: Evidence;
  private noted: number;

  constructor(
    readonly id: string,
    private readonly timeline: Timeline,
    private readonly lookup: Lookup,
  ) {
    this.evidence = new Evidence(id);
    this.noted = this.restart();
  }

  /** @param now log time; `undefined` as the result: there was not enough time, ask again */
  at(state: State, now: number, hasTime: HasTime): Explanation | undefined {
    // Of one that is live, the state knows all but who revoked it.
    if (state.acquisitions.get(this.id)) {
      return why(state, now, this.id, this.lookup.about(this.id));
    }
    if (!this.gather(state.seq, hasTime)) return undefined;
    const explanation = why(state, now, this.id, this.evidence.events());
    if (explanation.kind !== "unknown") return explanation;
    return { ...explanation, keptFrom: this.evidence.from };
  }

  private restart(): number {
    this.evidence = new Evidence(this.id);
    this.evidence.begin(this.timeline.first());
    return this.timeline.start;
  }

  private gather(seq: number, hasTime: HasTime): boolean {
    if (this.noted > seq) this.noted = this.restart();
    while (this.noted < seq) {
      if (!hasTime()) return false;
      for (let step = 0; step < 64 && this.noted < seq; step++) {
        const event = this.timeline.eventAt(++this.noted);
        if (event) this.evidence.note(event);
      }
    }
    return true;
  }
}
