/**
 * The history that a command asks: that of a fleet on Redis, or an export. All commands that can do both choose by the
 * same rule: a file that is named, or else Redis.
 */

import { type Command, Option } from "commander";
import {
  type Coordinator,
  HistoryError,
  type ReadHistory,
  readHistory,
  type StoredEntry,
} from "../index.js";
import { nameOf, readLines } from "./archive/read-lines.js";
import { Complaint } from "./complaint.js";
import { BAD_HISTORY, WRONG_USAGE } from "./exit-status.js";
import { namespaceFlag, type RedisFlags, redisFlag } from "./flags.js";
import { connect } from "./fleet.js";
import { showTime } from "./time.js";

export interface Source extends ReadHistory {
  /** What "ago" counts from: the time of Redis, or that of the export. */
  readonly now: number;
  /** There to be asked by what it can do better than the entries can be read; not for a file. */
  readonly fleet: Coordinator | undefined;
}

export const FILE_ARGUMENT = "an export, .gz or not; - is standard input; without it: Redis";

/** A command that looks at the history of a fleet, or at an export. */
export function historyCommand(program: Command, usage: string, summary: string): Command {
  return program
    .command(usage)
    .summary(summary)
    .helpOption("-h, --help", "show this help")
    .addOption(redisFlag("where the fleet's Redis is, like redis://host:6379"))
    .addOption(namespaceFlag());
}

/** For commands whose arguments are names. */
export function fileFlag(): Option {
  return new Option("--file <file>", FILE_ARGUMENT);
}

/**
 * Resolves with what `ask` says. What is wrong with a file is told with its name.
 *
 * @throws Complaint if there is nothing to ask, or more than one thing.
 */
export async function askHistory<T>(
  command: Command,
  file: string | undefined,
  ask: (source: Source) => Promise<T>,
): Promise<T> {
  if (file === undefined) return askRedis(command.opts<RedisFlags>(), ask);
  checkAlone(command, file);
  try {
    const read = await readHistory(readLines(file));
    return await ask({ ...read, now: nowOf(read), fleet: undefined });
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    throw new Complaint(BAD_HISTORY, `${nameOf(file)}: ${error.message}`, { cause: error });
  }
}

async function askRedis<T>(flags: RedisFlags, ask: (source: Source) => Promise<T>): Promise<T> {
  if (!flags.redis) throw new Complaint(WRONG_USAGE, NOTHING_TO_ASK);
  const fleet = connect(flags, "external");
  try {
    const read = await readHistory(fleet.export());
    return await ask({ ...read, entries: withoutLines(read), now: nowOf(read), fleet });
  } finally {
    await fleet.close();
  }
}

/** There are no lines in Redis, where something could be found. */
async function* withoutLines({ entries }: ReadHistory): AsyncGenerator<StoredEntry> {
  for await (const entry of entries) yield { ...entry, line: undefined };
}

/** The variable for Redis may be set for other commands, so it is no contradiction. */
export function checkAlone(command: Command, file: string): void {
  const other = ["redis", "namespace"].find((name) => command.getOptionValueSource(name) === "cli");
  if (other === undefined) return;
  throw new Complaint(
    WRONG_USAGE,
    `either ${nameOf(file)} is asked, or Redis. Leave out --${other}, or the file.`,
  );
}

/**
 * What to tell people of a moment that the history has not reached: all that is known is how it was until now. Often a
 * time of another zone was meant.
 */
export function noteOfFuture(until: number | undefined, source: Source): string | undefined {
  const { fleet, header, now } = source;
  const isKnown = fleet !== undefined || header.exportedAt !== undefined;
  if (until === undefined || !isKnown || until <= now) return undefined;
  const end = fleet ? `it is ${showTime(now)} now` : `the export was made at ${showTime(now)}`;
  return `${showTime(until)} is later than all that is known: ${end}. Times without a zone are UTC.`;
}

function nowOf({ header }: ReadHistory): number {
  return header.exportedAt ?? Date.now();
}

export const NOTHING_TO_ASK =
  "which history? Name a file that slotstream export has written (- is standard input), or a Redis: " +
  "--redis redis://host:6379, or in SLOTSTREAM_REDIS_URL.";
