/** One process of several that share the seeds: runs those that it is given, and hands on what they came to. */

import type { Flags } from "./flags.js";
import { type Outcome, outcomeOf } from "./outcome.js";

export interface Share {
  readonly first: number;
  readonly end: number;
  /** From one of its seeds to the next. */
  readonly stride: number;
  readonly flags: Flags;
}

// Whoever wanted to know is gone.
process.on("disconnect", () => process.exit());

const share: Share = JSON.parse(process.argv[2] ?? "");
const { first, end, stride, flags } = share;
for (let seed = first; seed < end; seed += stride) {
  await handOn(await outcomeOf({ seed, steps: flags.steps }, flags.lines));
}
process.disconnect();

function handOn(outcome: Outcome): Promise<void> {
  return new Promise((resolve) => process.send?.(outcome, () => resolve()));
}
