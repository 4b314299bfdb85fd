/**
 * What names a message among all that were ever sent: `<epoch>-<seq>`, the term in which it was sent and
 * `seq` of its last event. Data that lost its last moments may come to the same `seq` by another story,
 * but not in the same term.
 */

import type { MessageId } from "./ports.js";

/** What comes before the first message. */
export const NO_MESSAGE: MessageId = "0-0";

export function messageId(epoch: number, seq: number): MessageId {
  return `${epoch}-${seq}`;
}

export function epochOf(id: MessageId): number {
  return Number(id.slice(0, id.indexOf("-")));
}

export function seqOf(id: MessageId): number {
  return Number(id.slice(id.indexOf("-") + 1));
}
