/** Why an acquisition is, or was, as it is, out of nothing but a history. */

import type { Entries } from "./entry.js";
import { Evidence } from "./evidence.js";
import type { Explanation } from "./explanation.js";
import { type Moment, stateAt } from "./moment.js";
import { why } from "./why.js";

export interface ExplainOptions extends Moment {
  /** Log time now, in milliseconds, if no moment is given; that of the last event if absent. */
  readonly now?: number | undefined;
}

/**
 * Explains the acquisition with this id at a moment, or as it is now.
 *
 * @example
 * const explanation = await explain(entries, id);
 * console.log(describeExplanation(explanation).join("\n"));
 *
 * @throws HistoryError if the moment is not in what is kept, or the history is damaged before it.
 * @throws InvalidOptionError if the moment is none.
 */
export async function explain(
  entries: Entries,
  id: string,
  { now, ...moment }: ExplainOptions = {},
): Promise<Explanation> {
  const evidence = new Evidence(id);
  const state = await stateAt(entries, moment, evidence);
  const until = Number(moment.until ?? now ?? state.at);
  const explanation = why(state, Math.max(until, state.at), id, evidence.events());
  return explanation.kind === "unknown" ? { ...explanation, keptFrom: evidence.from } : explanation;
}
