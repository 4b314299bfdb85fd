/** Who falls silent, by a model of its own: told the events alone, it keeps no index. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { answeredSession, type Event } from "../../src/core/event.js";
import { PATIENT, Player, walk } from "../support/moves.js";
import { Partition } from "../support/partition.js";

class Listener {
  /** Time without the jumps of the clock, as all that follows. */
  private now = 0;
  private jumpedMs = 0;
  private readonly heardAt = new Map<string, number>();
  private readonly live = new Map<string, { session: string; intervalMs: number }>();
  private readonly gaps: { at: number; gapMs: number }[] = [];

  follow(event: Event): void {
    if (event.type === "rebased") this.jumpedMs += event.byMs;
    this.now = event.at - this.jumpedMs;
    const session = answeredSession(event);
    if (session !== undefined && event.type !== "refused") this.heardAt.set(session, this.now);
    if (event.type === "resumed") this.gaps.push({ at: this.now, gapMs: event.gapMs });
    if (event.type === "queued" || event.type === "reasserted") {
      const intervalMs = event.terms.heartbeatMaxIntervalMs ?? Infinity;
      this.live.set(event.acquisition, { session: event.session, intervalMs });
    }
    if (event.type === "released" || event.type === "expired" || event.type === "abandoned") {
      this.live.delete(event.acquisition);
    }
  }

  /** Live acquisitions that should have ended, because their session was silent for too long. */
  overlooked(): string[] {
    return [...this.live.keys()].filter((id) => this.silentAt(id) <= this.now);
  }

  private silentAt(id: string): number {
    const { session, intervalMs } = this.live.get(id) ?? { session: "", intervalMs: Infinity };
    const heard = this.heardAt.get(session) ?? 0;
    const resumed = this.gaps.findLast(({ gapMs }) => gapMs > intervalMs)?.at ?? 0;
    return Math.max(heard, resumed) + intervalMs;
  }
}

test("no acquisition outlives the silence of its session", PATIENT, () => {
  fc.assert(
    fc.property(walk, (moves) => {
      const partition = new Partition();
      const player = new Player(partition);
      const listener = new Listener();
      let told = 0;
      for (const move of moves) {
        player.play([move]);
        for (const event of partition.events.slice(told)) listener.follow(event);
        told = partition.events.length;
        for (const id of listener.overlooked()) expect.fail(`${id}\n\n${partition.trace()}`);
      }
    }),
    { numRuns: 100 },
  );
});
