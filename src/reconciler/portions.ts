/** Cuts what was read into what goes into one commit. */

import type { ReadEntry } from "../ports.js";

/**
 * So much text of commands goes into one commit, unless a single entry has more: some hundred commands. Then one
 * commit is on its way, and its answers are, while the next one is decided.
 */
const PORTION_CHARS = 32 * 1024;

/** What was read, in portions that a commit can take. */
export function portionsOf(read: readonly ReadEntry[]): ReadEntry[][] {
  const portions: ReadEntry[][] = [];
  let chars = Infinity;
  for (const entry of read) {
    const length = entry.entry?.commands.length ?? 0;
    chars += length;
    if (chars > PORTION_CHARS) {
      portions.push([]);
      chars = length;
    }
    portions.at(-1)?.push(entry);
  }
  return portions;
}
