/**
 * One entry of a history, as it is stored: what one commit decided and what followed. Its texts stay as they
 * were written, since the hash is over them; `parts.ts` reads them.
 */

import { hash } from "node:crypto";
import type { StoredEntry } from "../ports.js";

export type { StoredEntry } from "../ports.js";

/** The entries of a history, in order. */
export type Entries = Iterable<StoredEntry> | AsyncIterable<StoredEntry>;

/** What the hash of an entry is over, besides the hash of the entry before. */
export type Hashed = Pick<StoredEntry, "seq" | "epoch" | "commands" | "events" | "state">;

/** The hash that the entry has if it stands behind one with the hash `previous` (empty: it is the first). */
export function hashOf(previous: string, { seq, epoch, commands, events, state }: Hashed): string {
  const lines = [previous, seq, epoch, commands, events];
  if (state !== undefined) lines.push(state);
  return hash("sha256", lines.join("\n"));
}
