// @ts-check
// The checker: what holders wrote down, against itself and against the history.

import { checkHistory } from "./check-history.js";
import { checkSlots } from "./check-slots.js";
import { checkTold } from "./check-told.js";

/**
 * @typedef {{ violations: string[], checked: Record<string, number> }} Result
 *   `checked`: how many of what were looked at; none found among none means nothing
 */

/** @param {import("./records.js").Run} run @returns {Result} */
export function check(run) {
  const parts = [checkSlots(run), checkHistory(run), checkTold(run)];
  return {
    violations: parts.flatMap(({ violations }) => violations),
    checked: Object.assign({}, ...parts.map(({ checked }) => checked)),
  };
}
