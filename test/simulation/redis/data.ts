/** The keys of one partition, as docs/PROTOCOL.md lists them. Copied where the server's disk would be. */

import type { Kept } from "../../support/kept.js";
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

/** One entry of the history, with the epoch that wrote it. */
export interface HistoryRecord {
  readonly seq: number;
  readonly epoch: number;
  readonly commands: string;
  readonly events: string;
  readonly hash: string;
}

export interface Data {
  commands: Stream;
  meta: Meta | undefined;
  semaphores: Map<string, string>;
  acquisitions: Map<string, string>;
  sessions: Map<string, string>;
  told: Map<string, Kept>;
  history: readonly HistoryRecord[];
  leader: Leader | undefined;
}

export type { StreamEntry };

export function noData(): Data {
  return {
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

export function copyOf(data: Data): Data {
  return {
    ...data,
    commands: data.commands.copy(),
    semaphores: new Map(data.semaphores),
    acquisitions: new Map(data.acquisitions),
    sessions: new Map(data.sessions),
    told: new Map(data.told),
  };
}
