/** One line of an exported history ⇄ its header, or one entry. The texts of an entry stay as they are, byte for byte. */

import { isObject, parseJson } from "../core/json.js";
import { isWhole } from "../decode.js";
import { HistoryError } from "../errors.js";
import type { HistoryHead } from "../ports.js";
import type { StoredEntry } from "./entry.js";
import { isPiece, membersOf, unquoted } from "./json-pieces.js";
import { HISTORY_VERSION, isReadable } from "./versions.js";

/** The first line of an export: what it is, and what is known of where it comes from. */
export interface HistoryHeader {
  /** Of the format. */
  readonly version: number;
  /** Of the data on Redis. */
  readonly namespace?: string | undefined;
  /** When the export began, in milliseconds since the epoch. */
  readonly exportedAt?: number | undefined;
  /** How far the history went then: an export without it is not whole. */
  readonly head?: HistoryHead | undefined;
}

const HASH = /^[0-9a-f]{64}$/;

export function headerLine({
  namespace,
  exportedAt,
  head,
}: Omit<HistoryHeader, "version">): string {
  const version = HISTORY_VERSION;
  return JSON.stringify({ slotstream: "history", version, namespace, exportedAt, head });
}

/** @throws HistoryError if the line begins no history, or one of a version that is not known here. */
export function parseHeader(line: string): HistoryHeader {
  const header = parseJson(line);
  if (!isObject(header) || header.slotstream !== "history") {
    throw new HistoryError(
      "this is not the beginning of a history",
      "Give what slotstream exported, whole and as it was written.",
      { line: 1 },
    );
  }
  const { version, namespace, exportedAt, head } = header;
  if (!isReadable(version)) {
    throw new HistoryError(
      `it is of version ${JSON.stringify(version)} of the format, and this slotstream reads up to ${HISTORY_VERSION}`,
      "Read it with the slotstream that wrote it, or a newer one.",
      { line: 1 },
    );
  }
  return {
    version,
    namespace: typeof namespace === "string" ? namespace : undefined,
    exportedAt: isWhole(exportedAt) ? exportedAt : undefined,
    head: isHead(head) ? { seq: head.seq, hash: head.hash } : undefined,
  };
}

export function entryLine(entry: StoredEntry): string {
  const { seq, epoch, commands, events, previous, state, hash } = entry;
  const checkpoint =
    state === undefined
      ? ""
      : `"previous":${JSON.stringify(previous ?? "")},"state":${embedded(state)},`;
  return (
    `{"seq":${seq},"epoch":${epoch},"commands":${embedded(commands)},"events":${embedded(events)},` +
    `${checkpoint}"hash":${JSON.stringify(hash)}}`
  );
}

/**
 * @param number of the line; the first is the header's
 * @throws HistoryError if the line is no entry.
 */
export function parseEntry(line: string, number: number, version?: number): StoredEntry {
  const members = membersOf(line);
  if (members === undefined) throw refused(number, undefined, "this is no whole entry");
  const seq = Number(members.get("seq"));
  if (!isWhole(seq) || seq < 1) throw refused(number, undefined, "an entry must say its seq");
  const epoch = Number(members.get("epoch"));
  if (!isWhole(epoch)) throw refused(number, seq, "an entry must say its epoch");
  const hash = unquoted(members.get("hash") ?? "");
  if (hash === undefined || !HASH.test(hash)) {
    throw refused(number, seq, "an entry must say its hash, which has 64 hexadecimal digits");
  }
  const [commands, events] = [raw(members, "commands"), raw(members, "events")];
  if (commands === undefined || events === undefined) {
    throw refused(number, seq, "an entry must have commands and events");
  }
  const entry = { seq, epoch, commands, events, hash, version, line: number };
  return { ...entry, ...checkpointOf(members, seq, number) };
}

function checkpointOf(
  members: ReadonlyMap<string, string>,
  seq: number,
  line: number,
): Pick<StoredEntry, "previous" | "state"> {
  const state = raw(members, "state");
  const previous = unquoted(members.get("previous") ?? "");
  if (state === undefined && !members.has("previous")) return {};
  if (state !== undefined && (previous === "" || HASH.test(previous ?? ""))) {
    return { previous, state };
  }
  throw refused(line, seq, "a checkpoint must have a state, and the hash of the entry before");
}

/** A text whose end could not be found in the line again is written as a string. */
function embedded(text: string): string {
  return isPiece(text) ? text : JSON.stringify(text);
}

function raw(members: ReadonlyMap<string, string>, name: string): string | undefined {
  const text = members.get(name);
  return text?.startsWith('"') ? unquoted(text) : text;
}

function isHead(value: unknown): value is HistoryHead {
  return isObject(value) && isWhole(value.seq) && typeof value.hash === "string";
}

function refused(line: number, seq: number | undefined, problem: string): HistoryError {
  return new HistoryError(
    problem,
    "The file is damaged, or not whole. Export the history anew, or go back to a copy.",
    { line, seq },
  );
}
