/**
 * One entry of a history, as it is stored: what one commit decided and what followed. Its texts stay as they
 * were written, since the hash is over them; `parts.ts` reads them.
 */

import { hash } from "node:crypto";

/** What a history consists of. With `state` it is a checkpoint: whatever stands before it need not be kept. */
export interface StoredEntry {
  /** `seq` of its first event or, if nothing followed from the commands, of the next one to come. */
  readonly seq: number;
  /** The term of the leader that decided; 0 in memory. */
  readonly epoch: number;
  /** JSON array: `[id, session, number, seen, [command, …]]` for an entry of a session, `[id, command]` for the leader's own. */
  readonly commands: string;
  /** JSON array. */
  readonly events: string;
  /** `hash` of the entry before, in a checkpoint; empty if there was none. */
  readonly previous?: string | undefined;
  /** In a checkpoint: JSON of the state after the events. */
  readonly state?: string | undefined;
  /** sha256 in hex, of the lines: `hash` of the entry before, `seq`, `epoch`, `commands`, `events` and, in a checkpoint, `state`. */
  readonly hash: string;
  /** The version of the format; today's if absent. */
  readonly version?: number | undefined;
  /** Where it stands in an export; 1 is the header. */
  readonly line?: number | undefined;
}

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
