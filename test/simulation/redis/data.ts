/** The keys of one partition, as docs/PROTOCOL.md lists them. Copied where the server's disk would be. */

import type { Checkpoint, HistoryId, StoredEntry } from "../../../src/ports.js";
import { Stream, type StreamEntry } from "./stream.js";

/** The hash `meta`; its numbers as numbers, for they are texts only in Redis. */
export interface Meta {
  readonly runId: string;
  readonly incarnation: number;
  readonly pauseMs: number;
  readonly epoch: number;
  readonly commit: number;
  readonly cursor: string;
  readonly at: number;
  readonly seq: number;
  readonly token: number;
  readonly sweepAt: number | null;
  readonly shiftMs: number;
  readonly pausedUntil: number;
  readonly head: string;
  readonly checkpoints: readonly Checkpoint[];
  readonly owed: number;
  readonly semaphores: number;
  readonly acquisitions: number;
  readonly sessions: number;
}

export interface Leader {
  readonly epoch: number;
  readonly candidate: string;
  /** By the server's clock. */
  readonly expiresAt: number;
}

export type Hash = ReadonlyMap<string, string>;

/** One entry of the history, in its place. */
export interface HistoryRecord extends StoredEntry {
  readonly id: HistoryId;
}

export type KeyName =
  | "commands"
  | "history"
  | "meta"
  | "semaphores"
  | "acquisitions"
  | "sessions"
  | "told"
  | "leader";

/** The hashes that have a sentinel, and are counted. */
export const RECORDS = ["semaphores", "acquisitions", "sessions"] as const;

export type RecordsName = (typeof RECORDS)[number];

export interface Data {
  /** Which of the hashes are there, for they may be there and empty. */
  sentinels: Set<RecordsName>;
  /** Where somebody put a value of another type. */
  foreign: Set<KeyName>;
  commands: Stream;
  meta: Meta | undefined;
  semaphores: Map<string, string>;
  acquisitions: Map<string, string>;
  sessions: Map<string, string>;
  told: Map<string, string>;
  history: readonly HistoryRecord[];
  leader: Leader | undefined;
}

export type { StreamEntry };

export function noData(): Data {
  return {
    sentinels: new Set(),
    foreign: new Set(),
    commands: Stream.empty(),
    meta: undefined,
    semaphores: new Map(),
    acquisitions: new Map(),
    sessions: new Map(),
    told: new Map(),
    history: [],
    leader: undefined,
  };
}

/** Of a new partition; the run id is empty if it replaces one that was lost. */
export function newMeta(runId: string): Meta {
  return {
    runId,
    incarnation: runId === "" ? 0 : 1,
    pauseMs: 0,
    epoch: 0,
    commit: 0,
    cursor: "0-0",
    at: 0,
    seq: 0,
    token: 0,
    sweepAt: null,
    shiftMs: 0,
    pausedUntil: 0,
    head: "",
    checkpoints: [],
    owed: 0,
    semaphores: 0,
    acquisitions: 0,
    sessions: 0,
  };
}

export function copyOf(data: Data): Data {
  return {
    ...data,
    sentinels: new Set(data.sentinels),
    foreign: new Set(data.foreign),
    commands: data.commands.copy(),
    semaphores: new Map(data.semaphores),
    acquisitions: new Map(data.acquisitions),
    sessions: new Map(data.sessions),
    told: new Map(data.told),
  };
}

/** `DEL key`: even the last id of a stream is forgotten. */
export function deleteKey(data: Data, key: KeyName): void {
  const { commands, meta, history, leader } = noData();
  data.foreign.delete(key);
  if (key === "commands") data.commands = commands;
  else if (key === "meta") data.meta = meta;
  else if (key === "history") data.history = history;
  else if (key === "leader") data.leader = leader;
  else data[key].clear();
  if (isRecords(key)) data.sentinels.delete(key);
}

/** Somebody puts a value of another type there. */
export function replaceKey(data: Data, key: KeyName): void {
  deleteKey(data, key);
  data.foreign.add(key);
}

function isRecords(key: KeyName): key is RecordsName {
  return RECORDS.some((name) => name === key);
}
