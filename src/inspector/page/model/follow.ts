/** The machine of one acquisition, as it was at any event: real XState snapshots, made with the code of `replay`. */

import type { Event } from "../../../core/event.js";
import { Life, type LifeStep } from "../../../history/life.js";
import type { Lookup } from "./lookup.js";
import { firstWhere } from "./search.js";
import type { Timeline } from "./timeline.js";

export class Follow {
  private readonly life: Life;
  private own = 0;
  private beats = 0;
  private session: string | undefined;

  constructor(
    readonly id: string,
    timeline: Timeline,
    private readonly lookup: Lookup,
  ) {
    this.life = new Life(id);
    const first = timeline.first();
    this.life.recall(first);
    this.session = first.acquisitions.get(id)?.session.id;
  }

  /** The last step up to this event; `undefined` before the first. */
  at(seq: number): LifeStep | undefined {
    this.catchUp();
    const { steps } = this.life;
    return steps[firstWhere(steps, ({ event }) => event.seq > seq) - 1];
  }

  /** All steps that are known. */
  steps(): readonly LifeStep[] {
    this.catchUp();
    return this.life.steps;
  }

  /** Feeds the life with what is new about it: its own events, and the heartbeats of its session, in order. */
  private catchUp(): void {
    const own = this.lookup.about(this.id);
    for (;;) {
      const event = own[this.own];
      const beat = this.session && this.lookup.heartbeatsOf(this.session)[this.beats];
      if (beat && beat.seq < (event?.seq ?? Infinity)) {
        this.beats++;
        this.life.follow(beat);
      } else if (event) {
        this.own++;
        this.life.follow(event);
        this.join(event);
      } else return;
    }
  }

  /** It may go over to another session. Heartbeats before that were not its own. */
  private join(event: Event): void {
    if (event.type === "ignored" || event.session === undefined) return;
    if (event.session === this.session) return;
    this.session = event.session;
    const beats = this.lookup.heartbeatsOf(this.session);
    this.beats = firstWhere(beats, ({ seq }) => seq > event.seq);
  }
}
