/**
 * The scripts of docs/PROTOCOL.md over simulated data: each runs whole, at one moment of the server.
 * They hold no policy, and say what the real ones say.
 */

import type { Snapshot } from "../../../src/core/snapshot.js";
import { ProtocolError } from "../../../src/errors.js";
import type {
  Commit,
  CommitResult,
  EntryId,
  Loaded,
  LogTime,
  Message,
  Report,
} from "../../../src/ports.js";
import { keptAfter, loadedOf } from "../../support/kept.js";
import type { Data, Meta } from "./data.js";
import { partsOf } from "./stream.js";

export const LEASE_MS = 1000;

/** Where and when a script runs. */
export interface Moment {
  readonly data: Data;
  /** By the server's clock. */
  readonly nowMs: number;
  readonly runId: string;
}

export type ClaimReply =
  | ({ readonly won: true; readonly epoch: number } & LogTime)
  | { readonly won: false; readonly ledForMs: number };

export interface Claimant {
  readonly candidate: string;
  readonly pauseMs: number;
  /** If there is no data, there was some before. */
  readonly isLost: boolean;
}

/** Epochs begin at the server's microseconds, so that they rise even when all data was lost. */
export function claim(moment: Moment, claimant: Claimant): ClaimReply {
  const { data, nowMs, runId } = moment;
  const { candidate, pauseMs } = claimant;
  boundLease(moment);
  const ledForMs = leaseLeft(moment);
  const leader = ledForMs > 0 ? data.leader : undefined;
  if (leader && leader.candidate !== candidate) return { won: false, ledForMs };
  if (data.meta === undefined && isInUse(data)) {
    throw new ProtocolError("meta is missing, but other data of the partition is there.");
  }
  const meta = data.meta ?? newMeta(claimant.isLost ? "" : runId);
  const again = leader?.epoch === meta.epoch && meta.runId === runId;
  const epoch = again ? meta.epoch : Math.max(meta.epoch + 1, nowMs * 1000);
  // If the stream was deleted, new entries could come before the cursor, and would never be read.
  data.commands.moveTo(meta.cursor);
  data.meta = { ...meta, epoch, pauseMs: Math.max(meta.pauseMs, pauseMs) };
  data.leader = { epoch, candidate, expiresAt: nowMs + LEASE_MS };
  return { won: true, epoch, ...timesOf(moment) };
}

/** Log time, or nothing if somebody else leads, or nobody. */
export function renew(moment: Moment, candidate: string, epoch: number): LogTime | undefined {
  const { data, nowMs } = moment;
  if (data.meta?.epoch !== epoch || !leads(data, candidate, epoch)) return undefined;
  if (leaseLeft(moment) <= 0) return undefined;
  data.commands.moveTo(data.meta.cursor);
  data.leader = { epoch, candidate, expiresAt: nowMs + LEASE_MS };
  return timesOf(moment);
}

/** Whether it led until now. */
export function resign({ data }: Moment, candidate: string, epoch: number): boolean {
  if (!leads(data, candidate, epoch)) return false;
  data.leader = undefined;
  return true;
}

export function load({ data, runId }: Moment): Loaded {
  const { meta } = data;
  if (meta === undefined) throw new ProtocolError("meta is missing.");
  for (const kind of ["semaphores", "acquisitions", "sessions"] as const) {
    if (data[kind].size === meta[kind]) continue;
    throw new ProtocolError(`${data[kind].size} ${kind} are stored, ${meta[kind]} were counted.`);
  }
  return {
    epoch: meta.epoch,
    commit: meta.commit,
    cursor: meta.cursor,
    head: meta.head,
    snapshot: storedSnapshot(data, meta),
    told: loadedOf(data.told),
    restarted: meta.runId !== runId,
    pauseMs: meta.pauseMs,
  };
}

/** The records as they are stored, in the order of nothing in particular. */
export function storedSnapshot(data: Data, meta: Meta): Snapshot {
  const { at, seq, token, sweepAt, shiftMs, pausedUntil } = meta;
  return {
    ...{ at, seq, token, sweepAt, shiftMs, pausedUntil },
    semaphores: [...data.semaphores].map(([name, text]) => ({ ...JSON.parse(text), name })),
    sessions: [...data.sessions].map(([id, text]) => ({ ...JSON.parse(text), id })),
    acquisitions: [...data.acquisitions].map(([key, text]) => {
      const [semaphore, id] = key.split("\n");
      return { ...JSON.parse(text), semaphore, id };
    }),
  };
}

/** All or nothing; whoever called publishes after that. */
export function commit({ data, runId }: Moment, epoch: number, commit: Commit): CommitResult {
  const { meta } = data;
  if (meta === undefined || meta.epoch !== epoch) return "epoch";
  if (meta.commit === commit.number) return "done";
  if (meta.commit + 1 !== commit.number || meta.cursor !== commit.from) return "cursor";
  write(data.semaphores, commit.semaphores);
  write(data.acquisitions, commit.acquisitions);
  write(data.sessions, commit.sessions);
  const told = [...commit.messages].map(
    ([session, message]) => [session, keptAfter(data.told.get(session), message)] as const,
  );
  write(data.told, new Map(told));
  const { at, seq, token, sweepAt, shiftMs, pausedUntil, restarted } = commit;
  data.meta = {
    ...{ at, seq, token, sweepAt, shiftMs, pausedUntil },
    ...{ epoch, commit: commit.number, cursor: commit.to, head: commit.history.hash },
    ...commit.counts,
    pauseMs: commit.pauseMs,
    runId: restarted ? runId : meta.runId,
    incarnation: meta.incarnation + (restarted ? 1 : 0),
  };
  data.history = [...data.history, { ...commit.history, epoch }];
  return "done";
}

export function report(moment: Moment, session: string, written: readonly EntryId[]): Report {
  const { data } = moment;
  const record = data.sessions.get(session);
  const applied: number | undefined = record && JSON.parse(record).applied;
  const messages = [...(data.told.get(session)?.values() ?? [])];
  return {
    at: logTime(moment),
    applied,
    messages: messages.map((text): Message => JSON.parse(text)),
    pending: written.filter((id) => data.commands.has(id)),
    ledForMs: leaseLeft(moment),
  };
}

/** The server's clock, or where log time stands if that was set back; the leader may have moved it without an entry. */
export function logTime({ data, nowMs }: Moment): number {
  const { cursor, at } = data.meta ?? { cursor: "0-0", at: 0 };
  return Math.max(nowMs, partsOf(cursor)[0], at);
}

function timesOf(moment: Moment): LogTime {
  return { at: logTime(moment), clockAt: moment.nowMs };
}

function leaseLeft({ data, nowMs }: Pick<Moment, "data" | "nowMs">): number {
  return Math.min(LEASE_MS, Math.max(0, (data.leader?.expiresAt ?? 0) - nowMs));
}

/** Keys expire by the server's clock: one that is set back by an hour would make a lease an hour long. */
function boundLease({ data, nowMs }: Moment): void {
  if (data.leader && data.leader.expiresAt > nowMs + LEASE_MS) {
    data.leader = { ...data.leader, expiresAt: nowMs + LEASE_MS };
  }
}

function leads({ leader }: Data, candidate: string, epoch: number): boolean {
  return leader?.candidate === candidate && leader.epoch === epoch;
}

function isInUse(data: Data): boolean {
  return data.semaphores.size + data.acquisitions.size + data.sessions.size > 0;
}

function write<T>(hash: Map<string, T>, changes: ReadonlyMap<string, T | undefined>): void {
  for (const [key, text] of changes) {
    if (text === undefined) hash.delete(key);
    else hash.set(key, text);
  }
}

function newMeta(runId: string): Meta {
  return {
    runId,
    incarnation: 1,
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
    semaphores: 0,
    acquisitions: 0,
    sessions: 0,
  };
}
