/**
 * Reads the data of a partition for its new leader. Hashes are read page by page, so that the server
 * does not stand still meanwhile; nobody else writes them during the term.
 */

import { ProtocolError } from "../errors.js";
import type { Loaded } from "../ports.js";
import { checkpointsOf } from "./checkpoints.js";
import type { Keys } from "./keys.js";
import type { Life } from "./life.js";
import { acquisitionOf, type ReadRecord, semaphoreOf, sessionOf } from "./records.js";
import { listOf, numberOf, textOf } from "./replies.js";
import { SENTINEL, scan } from "./scan.js";
import { loadTold } from "./told.js";

const FIELDS = [
  ...["epoch", "commit", "cursor", "runId", "pauseMs", "head"],
  ...["at", "seq", "token", "sweepAt", "shiftMs", "pausedUntil"],
  ...["semaphores", "acquisitions", "sessions", "checkpoints", "owed"],
];

export async function load(life: Life, keys: Keys): Promise<Loaded> {
  const meta = await loadMeta(life, keys);
  const number = (field: string) => numberOf(meta.get(field));
  const semaphores = await loadHash(life, keys.semaphores, number("semaphores"), semaphoreOf);
  const acquisitions = await loadHash(
    life,
    keys.acquisitions,
    number("acquisitions"),
    acquisitionOf,
  );
  const sessions = await loadHash(life, keys.sessions, number("sessions"), sessionOf);
  const told = await loadTold(
    life,
    keys.told,
    sessions.map(({ id }) => id),
  );
  // Whoever is known was told something.
  if (sessions.length > 0 && told.size === 0) throw missing(`${keys.told} in Redis is missing`);
  if (number("commit") > 0 && (await life.call("XLEN", [keys.history])) === 0) {
    throw missing(`${keys.history} in Redis is missing`);
  }
  return {
    epoch: number("epoch"),
    commit: number("commit"),
    cursor: textOf(meta.get("cursor")),
    head: textOf(meta.get("head")),
    checkpoints: checkpointsOf(textOf(meta.get("checkpoints")), keys.meta),
    owed: number("owed"),
    pauseMs: number("pauseMs"),
    restarted: meta.get("runId") !== life.runId,
    told,
    snapshot: {
      at: number("at"),
      seq: number("seq"),
      token: number("token"),
      sweepAt: meta.get("sweepAt") === "" ? null : number("sweepAt"),
      shiftMs: number("shiftMs"),
      pausedUntil: number("pausedUntil"),
      semaphores,
      acquisitions,
      sessions,
    },
  };
}

async function loadMeta(life: Life, { meta }: Keys): Promise<ReadonlyMap<string, unknown>> {
  const values = listOf(await life.call("HMGET", [meta, ...FIELDS]));
  const lacks = FIELDS.filter((_field, index) => typeof values[index] !== "string");
  if (lacks.length > 0) throw missing(`${meta} in Redis lacks ${lacks.join(", ")}`);
  return new Map(FIELDS.map((field, index) => [field, values[index]]));
}

async function loadHash<T>(
  life: Life,
  key: string,
  count: number,
  read: ReadRecord<T>,
): Promise<T[]> {
  if ((await life.call("HGET", [key, SENTINEL])) === null) {
    throw missing(`${key} in Redis is missing, or lacks its first field`);
  }
  const fields = await scan(life, key, read);
  if (fields.size !== count) {
    throw missing(`${key} in Redis has ${fields.size} records, but ${count} were counted`);
  }
  return [...fields.values()];
}

function missing(what: string): ProtocolError {
  return new ProtocolError(
    `${what}: data was lost. Nothing is granted on data that cannot be trusted. Find out who deleted it (or whether ` +
      "maxmemory-policy lets Redis evict it); if nothing is held, delete all keys of the namespace.",
  );
}
