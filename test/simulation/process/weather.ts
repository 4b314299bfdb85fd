/** The network of one process: mostly quick, sometimes slow, for a while not moving at all. */

import type { Plan } from "../plan.js";
import type { Random } from "../random.js";
import type { Timeline } from "../timeline.js";
import type { Mishap, Way, Weather } from "./connection.js";

export class ChangingWeather implements Weather {
  private readonly usualMs: number;
  private readonly stalledUntil = { there: 0, back: 0 };
  private calm = false;

  constructor(
    private readonly timeline: Timeline,
    private readonly random: Random,
    private readonly plan: Plan,
    readonly struck: (mishap: Mishap) => void,
  ) {
    this.usualMs = random.pick(plan.latenciesMs);
  }

  get lost(): number {
    return this.calm ? 0 : this.plan.lost;
  }

  get doubled(): number {
    return this.calm ? 0 : this.plan.doubled;
  }

  get delayed(): number {
    return this.calm ? 0 : this.plan.delayed;
  }

  latencyMs(way: Way): number {
    const slow = !this.calm && this.random.chance(0.02) ? this.random.between(0, 400) : 0;
    const stalled = Math.max(0, this.stalledUntil[way] - this.timeline.now);
    return stalled + slow + this.usualMs * this.random.between(0.5, 1.5);
  }

  /** For so long, nothing arrives that is sent this way. */
  stall(ways: readonly Way[], ms: number): void {
    for (const way of ways) this.stalledUntil[way] = this.timeline.now + ms;
  }

  /** From now on nothing is lost, nothing slow. */
  clear(): void {
    this.calm = true;
    this.stall(["there", "back"], 0);
  }

  /** It is again as it was at first. */
  worsen(): void {
    this.calm = false;
  }
}
