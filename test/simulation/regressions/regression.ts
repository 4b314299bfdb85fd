/** Circumstances in which the simulation once found a bug, kept so that it cannot come back unseen. */

import type { Plan } from "../plan.js";
import type { Path } from "../reached.js";

export interface Regression {
  readonly name: string;
  /** What was wrong, in a sentence. */
  readonly wrong: string;
  /** Where the worlds shall not be as their seeds would make them. */
  readonly plan?: Partial<Plan>;
  readonly seeds: { readonly first: number; readonly count: number };
  /** The circumstances: paths that these worlds must take, else they prove nothing. */
  readonly reaches: readonly Path[];
}
