/** The port of the history: what it consists of, how much of it is kept, and how it is read. */

/** What a history consists of: one entry a commit. Its texts stay as they were written, since the hash is over them. */
export interface StoredEntry {
  /** `seq` of its first event or, if nothing followed from the commands, of the next one to come. */
  readonly seq: number;
  /** The term of the leader that decided; 0 in memory. */
  readonly epoch: number;
  /** JSON array: `[id, session, number, seen, [command, …]]` for an entry of a session, `[id, command]` for the leader's own. */
  readonly commands: string;
  /** JSON array. */
  readonly events: string;
  /** `hash` of the entry before, in a checkpoint; empty if there was none, or if it is not known any more. */
  readonly previous?: string | undefined;
  /** In a checkpoint: JSON of the state after the events. Whatever stands before it need not be kept. */
  readonly state?: string | undefined;
  /** sha256 in hex, of the lines: `hash` of the entry before, `seq`, `epoch`, `commands`, `events` and, in a checkpoint, `state`. */
  readonly hash: string;
  /** The version of the format; today's if absent. */
  readonly version?: number | undefined;
  /** Where it stands in an export; 1 is the header. */
  readonly line?: number | undefined;
}

/** The part of an entry that a leader makes, who knows its epoch. */
export type HistoryEntry = Omit<StoredEntry, "epoch" | "version" | "line">;

/** Place of an entry in the history, `<seq>-<number of its commit>`: both rise, and `seq` can be looked up. */
export type HistoryId = string;

/** An entry that a history can begin with. */
export interface Checkpoint {
  readonly id: HistoryId;
  /** That of the entry. */
  readonly seq: number;
  /** When it was written, in steady time. */
  readonly at: number;
}

/** How much of a history is kept. */
export interface Retention {
  /** At least the newest so many events, unless they are too old. */
  readonly events: number;
  /** Nothing that is older, once there is a checkpoint behind it; `Infinity` for no such limit. */
  readonly ageMs: number;
}

/** The end of a history at some moment: `seq` of its last event, `hash` of its last entry; empty if there is none. */
export interface HistoryHead {
  readonly seq: number;
  readonly hash: string;
}

/** Which entries are read: all that are kept when the reading begins, unless told otherwise. */
export interface HistoryRange {
  /** Begins with the entry that has this event, or else with the next one that is kept. */
  readonly from?: number | undefined;
  /** The newest first. */
  readonly reverse?: boolean | undefined;
  /** Does not end, but waits for more; not with `reverse`. */
  readonly live?: boolean | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** All that was decided, as far as it is kept. */
export interface History {
  entries(range?: HistoryRange): AsyncIterable<StoredEntry>;
  head(): Promise<HistoryHead>;
  /** Log time now, or somewhat less. */
  now(): Promise<number>;
}
