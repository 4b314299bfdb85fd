/** What one world came to, as plain data, so that a shard can hand it on. */

import { checks } from "../failure.js";
import { failureOf, reportOf } from "../simulate.js";
import { type Counts, sumOf } from "../tally.js";
import { World, type WorldOptions } from "../world.js";

export interface Outcome {
  readonly seed: number;
  /** Of its chronicle. */
  readonly hash: string;
  /** How many things happened on its timeline. */
  readonly steps: number;
  readonly simulatedMs: number;
  /** What went wrong on purpose, by kind. */
  readonly faults: Counts;
  /** By number of the invariant. */
  readonly checks: Counts;
  /** By rare path. */
  readonly reached: Counts;
  /** What was wrong, and how to see it again. */
  readonly failure?: string;
}

/** @param lines how many of the chronicle to tell if something goes wrong. */
export async function outcomeOf(options: WorldOptions, lines?: number): Promise<Outcome> {
  const before = checks.all;
  const world = new World(options);
  const failure = await failureOf(world);
  const { chronicle, timeline, sightings } = world;
  const outcome = {
    seed: options.seed,
    hash: chronicle.hash,
    steps: timeline.steps,
    simulatedMs: Math.round(timeline.now),
    faults: world.strikes,
    checks: difference(checks.all, before),
    reached: sightings.reached.counts,
  };
  if (failure === undefined) return outcome;
  return { ...outcome, failure: reportOf(world, options, failure, lines) };
}

function difference(after: Counts, before: Counts): Counts {
  const negative = Object.entries(before).map(([name, times]) => [name, -times] as const);
  return sumOf([after, Object.fromEntries(negative)]);
}
