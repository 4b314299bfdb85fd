/**
 * What the parts need from the world outside. Shaped by that need; the adapters (memory, Redis,
 * the simulated clock of tests) fit themselves to it.
 */

import type { SessionCommand } from "./core/command.js";
import type { Event } from "./core/event.js";
import type { Snapshot } from "./core/snapshot.js";
import type { Holder, SemaphoreStats, StatsQuery, Waiter } from "./core/views.js";
import type { Checkpoint, HistoryEntry, HistoryId } from "./history-port.js";

export type {
  Checkpoint,
  History,
  HistoryEntry,
  HistoryHead,
  HistoryId,
  HistoryRange,
  Retention,
  StoredEntry,
} from "./history-port.js";

/** Time, in whole milliseconds since the epoch. It never goes back. */
export interface Clock {
  now(): number;
  /** With fractions, since some moment: for telemetry, which takes `now()` where there is none. */
  precise?(): number;
  /** A timer that can be set again and again. */
  alarm(ring: () => void): Alarm;
}

/** One timer. It rings once, at the time that it was last set to or somewhat later. */
export interface Alarm {
  set(at: number): void;
  clear(): void;
  /** Whether the process shall stay alive for it; it doesn't unless told so. */
  keepAlive(wanted: boolean): void;
}

/** Makes short strings that nobody else makes. */
export type Ids = () => string;

/** Where a session's commands go: each taken once, in order, and answered by an event. */
export interface CommandLog {
  /** From now on the inbox gets the events of the session. Comes before its first command. */
  join(session: string, inbox: Inbox): void;
  append(command: SessionCommand): void;
}

/** Where a session gets its events, in order. */
export interface Inbox {
  receive(event: Event): void;
  /**
   * The session is not known (it was idle for a minute, or it spoke before the log could be reached), or not as it was: the
   * log has lost some of it. What was not answered must be asked again, under a new name.
   *
   * @param isRemembered the log still knows something of it, though not all
   */
  forgotten(unanswered: readonly SessionCommand[], isRemembered: boolean): void;
  /** Nobody will ever answer what was asked so far. What is asked from now on comes under a new name. */
  broken(reason: Error): void;
}

/** Which events are asked for: those that fit all that is given. */
export interface EventQuery {
  /** Events of this semaphore. */
  readonly semaphore?: string | undefined;
  /** Events of this acquisition. */
  readonly acquisition?: string | undefined;
  /** Events of what this session acquired, of what it asked, and of what went over from it to another one. */
  readonly session?: string | undefined;
  /** Events of these types, such as `["granted", "expired"]`. */
  readonly types?: readonly Event["type"][] | undefined;
  /** Not before this log time, in milliseconds since the epoch. */
  readonly since?: number | undefined;
  /** Not after this log time, in milliseconds since the epoch. */
  readonly until?: number | undefined;
  /** At most so many. */
  readonly limit?: number | undefined;
  /** The newest first. */
  readonly reverse?: boolean | undefined;
}

/** What can be asked without changing anything. */
export interface Views {
  stats(query: StatsQuery): Promise<[string, SemaphoreStats][]>;
  locked(semaphore: string): Promise<boolean>;
  holders(semaphore: string): Promise<Holder[]>;
  waiters(semaphore: string): Promise<Waiter[]>;
  events(query: EventQuery): AsyncIterable<Event>;
}

/** Place of an entry in the command stream, `<milliseconds>-<n>`. Its milliseconds are log time. */
export type EntryId = string;

/** What a session writes at once: some of its commands, in order. */
export interface Entry {
  readonly session: string;
  /** Number of the first command; the others follow it. */
  readonly number: number;
  /** Up to this event (`seq`) the session has received what concerns it. */
  readonly seen: number;
  /** The commands as a JSON array, each without `session` and `number`. */
  readonly commands: string;
}

/** What a commit tells one session: the events that concern it, in order. */
export interface Message {
  readonly id: MessageId;
  /** The message that the session was sent before; `0-0` if there was none. */
  readonly after: MessageId;
  /** Number of its last applied command. */
  readonly applied: number;
  /** Not empty. */
  readonly events: readonly Event[];
}

/**
 * A session's way to a log that others decide. Whatever rejects with a `BackendUnavailableError` may
 * have happened or not, and is asked again; every other error is final.
 */
export interface Uplink {
  /** Comes first. */
  open(listener: UplinkListener): void;
  append(entry: Entry): Promise<EntryId>;
  /** From now on, as far as nothing is lost on the way, the listener gets what the session is told. */
  subscribe(session: string): Promise<void>;
  unsubscribe(session: string): void;
  /** What the log knows of the session, and of entries that it wrote. */
  report(session: string, written: readonly EntryId[]): Promise<Report>;
}

export interface UplinkListener {
  /** It can be used. What was subscribed before is so no more. */
  up(): void;
  /** It cannot be used until `up()`. What is under way rejects. */
  down(reason: Error): void;
  receive(session: string, message: Message): void;
}

export interface Report {
  /** Log time at that moment, or somewhat less. */
  readonly at: number;
  /** Number of the session's last applied command; `undefined` if the session is not known. */
  readonly applied: number | undefined;
  /** What it was told and did not confirm as seen yet, oldest first; always the last one. */
  readonly messages: readonly Message[];
  /** Which of the entries asked about are in the log and still to be decided. */
  readonly pending: readonly EntryId[];
  /** For how many milliseconds somebody leads without renewing; 0 if nobody does. */
  readonly ledForMs: number;
}

/** Who may decide for a partition: one at a time, each for a term that a later one ends. */
export interface Lease {
  /** A repeat by the same candidate, after a lost reply, finds the term that it got already. */
  claim(candidate: string): Promise<Claim>;
  /** Resolves with `undefined` if somebody else leads, or nobody. */
  renew(term: Term): Promise<LogTime | undefined>;
  /** Makes room for others, and says so. */
  resign(term: Term): Promise<void>;
  /** Called when a leader says that it leaves, or when the data can be reached (again). */
  onVacant(listener: () => void): void;
}

export type Claim =
  | { readonly won: true; readonly term: Term }
  /** Somebody else leads, for so long if he doesn't renew. */
  | { readonly won: false; readonly ledForMs: number };

/** What the log says of its time. */
export interface LogTime {
  /** Log time at that moment, or somewhat less. */
  readonly at: number;
  /** What the server's clock said. If that is less, it was set back, and log time stands still. */
  readonly clockAt: number;
}

export interface Term extends LogTime {
  readonly candidate: string;
  /** Higher than that of every term before. */
  readonly epoch: number;
  readonly leaseMs: number;
}

/** The data of a partition, as its leader needs it. Errors are those of `Uplink`. */
export interface Store {
  /** @throws ProtocolError if data is missing, of the wrong type, or not as much as was counted. */
  load(term: Term): Promise<Loaded>;
  /** The entries after this one, oldest first; waits up to `waitMs` for the first. */
  read(after: EntryId, waitMs: number): Promise<ReadEntry[]>;
  /** Ends `read` at once, with nothing. */
  interrupt(): void;
  /** Appends a tick: at the log's own time or, where that stands still, at the given one. Resolves with its id. */
  tick(at?: number): Promise<EntryId>;
  commit(term: Term, commit: Commit): Promise<CommitResult>;
  /** What the data says of the last commit; for use after a lost reply. */
  position(): Promise<Position>;
}

/** All in `commit` is stored; or a newer term has begun; or the commit does not follow the last one. */
export type CommitResult = "done" | "epoch" | "cursor";

export interface Position {
  readonly epoch: number;
  readonly commit: number;
}

/** `entry` is `undefined` for a tick, and for what no session can have written. */
export interface ReadEntry {
  readonly id: EntryId;
  readonly entry: Entry | undefined;
}

export interface Loaded extends Position {
  readonly snapshot: Snapshot;
  /** The last entry that was decided. */
  readonly cursor: EntryId;
  /** Hash of the last entry of the history. */
  readonly head: string;
  /** Where the history can begin, oldest first: with its first entry, and with each checkpoint that is kept. */
  readonly checkpoints: readonly Checkpoint[];
  /** As in `Commit`. */
  readonly owed: number;
  /** Per session: the messages that are kept for it, oldest first. */
  readonly told: ReadonlyMap<string, readonly MessageId[]>;
  /** The data may have lost its last moments: it lives on a server that was started since. */
  readonly restarted: boolean;
  /** For how long nothing may be granted then. */
  readonly pauseMs: number;
}

/** All that follows from the entries up to `to`. Texts are stored as they are. */
export interface Commit {
  /** One more than that of the last. */
  readonly number: number;
  /** The last entry that was decided before. */
  readonly from: EntryId;
  /** The last entry that is decided by this. */
  readonly to: EntryId;
  /** What is left of the state besides its records. */
  readonly at: number;
  readonly seq: number;
  readonly token: number;
  readonly sweepAt: number | null;
  readonly shiftMs: number;
  readonly pausedUntil: number;
  /** As in `Loaded`, or more: for so long somebody may hold a slot without being heard. */
  readonly pauseMs: number;
  /** This commit begins another life of the data (`Loaded.restarted`). */
  readonly restarted: boolean;
  /** How many records of each kind there are now. */
  readonly counts: Counts;
  readonly semaphores: ChangedTexts;
  /** By semaphore and id, with a line feed between them: neither can contain one. */
  readonly acquisitions: ChangedTexts;
  readonly sessions: ChangedTexts;
  readonly history: HistoryEntry;
  /** What is stored in place of `Loaded.checkpoints`; nothing if they stay the same. */
  readonly checkpoints: readonly Checkpoint[] | undefined;
  /** What stands before the entry with this id is no longer kept; nothing if all is. */
  readonly trimTo: HistoryId | undefined;
  /** So many characters more must be written to the history until they outweigh its last checkpoint. */
  readonly owed: number;
  /** What to tell which session. */
  readonly messages: ReadonlyMap<string, Outgoing>;
}

/** What a session is told, and kept until it has seen it. */
export interface Outgoing {
  /** The message as JSON; its events are the last of its members. */
  readonly text: string;
  /** Where its events stand in `HistoryEntry.events`, in bytes, if they are one piece of it. */
  readonly piece: Piece | undefined;
  /** The messages that are kept from now on, this one as the last; none if nobody knows the session any more. */
  readonly kept: readonly MessageId[];
  /** Those that need not be kept any more. */
  readonly dropped: readonly MessageId[];
}

/** From the first byte to the one after the last. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

/** `<epoch>-<seq>`: the term in which the message was sent, and `seq` of its last event. */
export type MessageId = string;

export interface Counts {
  readonly semaphores: number;
  readonly acquisitions: number;
  readonly sessions: number;
}

/** By key: the new text, or `undefined` for what ended. */
export type ChangedTexts = ReadonlyMap<string, string | undefined>;
