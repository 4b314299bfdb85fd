/** Whether today's code decides as the code did that wrote a history: for whoever changes it, or upgrades. */

import type { State } from "../core/state.js";
import { begin, eventsAfter } from "./beginning.js";
import { type Difference, decideAgain } from "./decisions.js";
import type { Entries } from "./entry.js";

export interface Comparison {
  /** How many events are the same as today's: all, or those before the first difference. */
  readonly same: number;
  readonly difference: Difference | undefined;
}

/**
 * Lets today's code decide the recorded commands, up to the first difference. What a trimmed history begins with is taken
 * as it is.
 *
 * @throws HistoryError if the history is damaged, or has no beginning.
 */
export async function against(entries: Entries): Promise<Comparison> {
  let state: State | undefined;
  let same = 0;
  for await (const entry of entries) {
    if (state === undefined) {
      const { state: first, trimmed } = begin(entry);
      state = first;
      if (trimmed) continue;
    }
    const recorded = eventsAfter(state, entry);
    const difference = decideAgain(state, entry, recorded);
    if (difference) return { same: same + difference.seq - entry.seq, difference };
    same += recorded.length;
  }
  return { same, difference: undefined };
}
