/** What is kept for a session, as the commit script keeps it. */

import type { Loaded, MessageId, Outgoing } from "../../src/ports.js";

/** The messages that are kept for a session, oldest first. */
export type Kept = ReadonlyMap<MessageId, string>;

/** After one more; `undefined` where nothing is kept any more. */
export function keptAfter(
  before: Kept | undefined,
  { text, kept, dropped }: Outgoing,
): Kept | undefined {
  const id = kept.at(-1);
  if (id === undefined) return undefined;
  const after = new Map(before).set(id, text);
  for (const seen of dropped) after.delete(seen);
  return after;
}

/** As a leader loads it. */
export function loadedOf(kept: ReadonlyMap<string, Kept>): Loaded["told"] {
  return new Map([...kept].map(([session, messages]) => [session, [...messages.keys()]]));
}

/** A message to one session; it is not cut out of the events. */
export function outgoing(
  text: string,
  kept: readonly MessageId[] = [],
  dropped: readonly MessageId[] = [],
): Outgoing {
  return { text, piece: undefined, kept, dropped };
}
