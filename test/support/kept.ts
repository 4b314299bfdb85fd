/** What is kept for a session, as the commit script keeps it. */

import type { Outgoing } from "../../src/ports.js";

/** A JSON array of messages, after one more; `undefined` where nothing is kept any more. */
export function keptAfter(kept = "[]", { text, seenBytes }: Outgoing): string | undefined {
  if (seenBytes === undefined) return undefined;
  const unseen = Buffer.from(kept)
    .subarray(1 + seenBytes, -1)
    .toString();
  return `[${unseen}${unseen === "" ? "" : ","}${text}]`;
}
