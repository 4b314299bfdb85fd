/**
 * The scripts of docs/PROTOCOL.md over simulated data: each runs whole, at one moment of the server.
 * They hold no policy, and say what the real ones say.
 */

import type { Snapshot } from "../../../src/core/snapshot.js";
import { ProtocolError } from "../../../src/errors.js";
import { historyId } from "../../../src/history-ids.js";
import type {
  Commit,
  CommitResult,
  EntryId,
  Loaded,
  LogTime,
  Message,
  MessageId,
  Position,
  Report,
} from "../../../src/ports.js";
import { toldChanges } from "../../../src/redis/told.js";
import { checkHistory, checkRecords, checkTypes, missing } from "./checks.js";
import { type Data, type Meta, newMeta, RECORDS } from "./data.js";
import { boundLease, LEASE_MS, leaseLeft, logTime, type Moment, timesOf } from "./moment.js";
import { isAfter } from "./stream.js";

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
  checkTypes(data, "meta", "leader");
  const leader = leaseLeft(moment) > 0 ? data.leader : undefined;
  if (leader && leader.candidate !== candidate) {
    boundLease(moment);
    return { won: false, ledForMs: leaseLeft(moment) };
  }
  checkTypes(data, "commands");
  if (data.meta === undefined) create(data, claimant.isLost ? "" : runId);
  else checkRecords(data);
  const meta = data.meta ?? newMeta("");
  const again = leader?.epoch === meta.epoch && meta.runId === runId;
  const epoch = again ? meta.epoch : Math.max(meta.epoch + 1, nowMs * 1000);
  if (!again) {
    // If the stream was deleted, new entries could come before the cursor, and would never be read.
    data.commands.moveTo(meta.cursor);
    data.meta = { ...meta, epoch, pauseMs: Math.max(meta.pauseMs, pauseMs) };
  }
  data.leader = { epoch, candidate, expiresAt: nowMs + LEASE_MS };
  return { won: true, epoch, ...timesOf(moment) };
}

/** The data of a new partition, but only if there is none at all. */
function create(data: Data, runId: string): void {
  const { sentinels, foreign, told, history } = data;
  if (sentinels.size + foreign.size + told.size + history.length > 0) throw missing("meta");
  data.meta = newMeta(runId);
  for (const name of RECORDS) sentinels.add(name);
}

/** Log time, or nothing if somebody else leads, or nobody. */
export function renew(moment: Moment, candidate: string, epoch: number): LogTime | undefined {
  const { data, nowMs } = moment;
  if (!leads(moment, candidate, epoch)) return undefined;
  checkTypes(data, "meta");
  if (data.meta?.epoch !== epoch) return undefined;
  data.commands.moveTo(data.meta.cursor);
  data.leader = { epoch, candidate, expiresAt: nowMs + LEASE_MS };
  return timesOf(moment);
}

/** Whether it led until now. */
export function resign(moment: Moment, candidate: string, epoch: number): boolean {
  const { data } = moment;
  checkTypes(data, "leader");
  if (!leads(moment, candidate, epoch)) return false;
  data.leader = undefined;
  return true;
}

export function load({ data, runId }: Moment): Loaded {
  const { meta } = data;
  checkTypes(data, "meta");
  if (meta === undefined) throw missing("meta");
  checkRecords(data);
  for (const name of RECORDS) {
    if (data[name].size === meta[name]) continue;
    throw new ProtocolError(`${data[name].size} ${name} are stored, ${meta[name]} were counted.`);
  }
  const told = loadedTold(data);
  // Whoever is known was told something.
  if (data.sessions.size > 0 && told.size === 0) throw missing("told");
  checkHistory(data);
  return {
    epoch: meta.epoch,
    commit: meta.commit,
    cursor: meta.cursor,
    head: meta.head,
    checkpoints: meta.checkpoints,
    owed: meta.owed,
    snapshot: storedSnapshot(data, meta),
    told,
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

/** Which messages are kept for the sessions that are known. */
function loadedTold(data: Data): Map<string, MessageId[]> {
  const told = new Map<string, MessageId[]>();
  checkTypes(data, "told");
  for (const session of data.sessions.keys()) {
    const list = data.told.get(session);
    if (list !== undefined) told.set(session, list.split(" "));
  }
  return told;
}

/** All or nothing; whoever called publishes after that. */
export function commit({ data, runId }: Moment, epoch: number, commit: Commit): CommitResult {
  const { meta } = data;
  checkTypes(data, "meta");
  if (meta === undefined || meta.epoch !== epoch) return "epoch";
  if (meta.commit === commit.number) return "done";
  if (meta.commit + 1 !== commit.number || meta.cursor !== commit.from) return "cursor";
  checkRecords(data);
  checkTypes(data, "told", "commands");
  checkHistory(data);
  data.history = added(data.history, epoch, commit);
  write(data.semaphores, commit.semaphores);
  write(data.acquisitions, commit.acquisitions);
  write(data.sessions, commit.sessions);
  write(data.told, toldChanges(commit.messages));
  for (const [session, { text, kept }] of commit.messages) {
    const id = kept.at(-1);
    if (id !== undefined) data.told.set(`${session}\n${id}`, text);
  }
  const { at, seq, token, sweepAt, shiftMs, pausedUntil, restarted } = commit;
  data.meta = {
    ...{ at, seq, token, sweepAt, shiftMs, pausedUntil },
    ...{ epoch, commit: commit.number, cursor: commit.to, head: commit.history.hash },
    ...commit.counts,
    checkpoints: commit.checkpoints ?? meta.checkpoints,
    owed: commit.owed,
    pauseMs: commit.pauseMs,
    runId: restarted ? runId : meta.runId,
    incarnation: meta.incarnation + (restarted ? 1 : 0),
  };
  const { trimTo } = commit;
  if (trimTo !== undefined) data.history = data.history.filter(({ id }) => !isAfter(trimTo, id));
  return "done";
}

/** @throws ProtocolError if somebody else has added what stands behind it. */
function added(history: Data["history"], epoch: number, commit: Commit): Data["history"] {
  const id = historyId(commit.history.seq, commit.number);
  const last = history.at(-1);
  if (last && !isAfter(id, last.id)) {
    throw new ProtocolError("history is not as slotstream leaves it.");
  }
  return [...history, { ...commit.history, epoch, id }];
}

/** What `meta` says; of nothing if it is missing. */
export function position({ data }: Moment): Position {
  checkTypes(data, "meta");
  return { epoch: data.meta?.epoch ?? 0, commit: data.meta?.commit ?? 0 };
}

export function report(moment: Moment, session: string, written: readonly EntryId[]): Report {
  const { data } = moment;
  checkTypes(data, "meta");
  if (written.length > 0) checkTypes(data, "commands");
  const { record, messages } = data.meta ? knownOf(data, session) : NOTHING;
  const applied: number | undefined = record && JSON.parse(record).applied;
  return {
    at: logTime(moment),
    applied,
    messages: messages.map((text): Message => JSON.parse(text)),
    pending: written.filter((id) => data.commands.has(id)),
    ledForMs: Math.min(leaseLeft(moment), LEASE_MS),
  };
}

const NOTHING = { record: undefined, messages: [] };

/** A session's record, and the messages that are kept for it. */
function knownOf(data: Data, session: string) {
  checkRecords(data, ["sessions"]);
  checkTypes(data, "told");
  const kept = data.told.get(session)?.split(" ") ?? [];
  const texts = kept.map((id) => data.told.get(`${session}\n${id}`));
  const messages = texts.slice(texts.lastIndexOf(undefined) + 1).flatMap((text) => text ?? []);
  return { record: data.sessions.get(session), messages };
}

function leads(moment: Moment, candidate: string, epoch: number): boolean {
  const { leader } = moment.data;
  const isTheirs = leader?.candidate === candidate && leader.epoch === epoch;
  return isTheirs && leaseLeft(moment) > 0;
}

function write<T>(hash: Map<string, T>, changes: ReadonlyMap<string, T | undefined>): void {
  for (const [key, text] of changes) {
    if (text === undefined) hash.delete(key);
    else hash.set(key, text);
  }
}
