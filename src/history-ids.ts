/** What names an entry of the history: `seq` of its first event, and the number of its commit. */

import type { HistoryId } from "./ports.js";

/** It rises from commit to commit, also where nothing followed from one. */
export function historyId(seq: number, commit: number): HistoryId {
  return `${seq}-${commit}`;
}
