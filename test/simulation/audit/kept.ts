/** What is kept of a history: it begins where one can begin, and leads to the same state as all that ever was. */

import { snapshot } from "../../../src/core/snapshot.js";
import type { State } from "../../../src/core/state.js";
import { apply, begin, canBegin, eventsAfter } from "../../../src/history/beginning.js";
import { demand } from "../failure.js";
import type { Data, HistoryRecord } from "../redis/data.js";

export class KeptAudit {
  /** The entry that the history began with when it was looked at last. */
  private first: HistoryRecord | undefined = undefined;

  /** Looks again where something was trimmed, or when it is due. */
  compare({ history, meta }: Data, expected: string, isDue: boolean): void {
    const [first] = history;
    if (first === undefined || (first === this.first && !isDue)) return;
    this.first = first;
    demand(12, canBegin(first), () => `the history begins with ${first.id}, no checkpoint`);
    const known = meta?.checkpoints.map(({ id }) => id).join() ?? "";
    const there = history.filter(({ id, state }) => state !== undefined || id === "1-1");
    const ids = there.map(({ id }) => id).join();
    demand(12, known === ids, () => `the checkpoints are ${ids}, but meta says ${known}`);
    const found = JSON.stringify(snapshot(stateOf(history, first)));
    demand(10, found === expected, () => `checkpoint and tail: ${found}\nnot: ${expected}`);
  }
}

function stateOf(history: readonly HistoryRecord[], first: HistoryRecord): State {
  const { state, trimmed } = begin(first);
  for (const entry of trimmed ? history.slice(1) : history) {
    for (const event of eventsAfter(state, entry)) apply(state, event, entry);
  }
  return state;
}
