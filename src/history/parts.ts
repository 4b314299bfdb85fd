/** What the texts of an entry say: its commands, its events, its state. Read by whoever needs them, and checked. */

import { isDeepStrictEqual } from "node:util";
import type { Command, LeaderCommand } from "../core/command.js";
import type { Event } from "../core/event.js";
import { isObject, parseJson } from "../core/json.js";
import type { Snapshot } from "../core/snapshot.js";
import { isWhole, numbered } from "../decode.js";
import { HistoryError } from "../errors.js";
import { logTimeOf } from "../log-time.js";
import { isEvent } from "./check-event.js";
import { isSnapshot } from "./check-state.js";
import type { StoredEntry } from "./entry.js";
import { upcast } from "./versions.js";

/** What is done about an entry that says what none can say. */
const REMEDY =
  "Verify the history: it says where the damage begins. Go back to a copy that is whole.";

/** A command as it was decided. */
export interface RecordedCommand {
  /** Log time of the entry that it came in; it was decided then, or at that of the last event, if that is later. */
  readonly at: number;
  readonly command: Command;
}

/** The events of an entry. @throws HistoryError if they are none, or not numbered from `seq` on. */
export function eventsOf(entry: StoredEntry): Event[] {
  const events: Event[] = [];
  for (const value of listOf(entry, "events")) {
    const event = upcast("event", value, entry.version);
    const seq = entry.seq + events.length;
    if (!isEvent(event)) throw damaged(entry, "what stands there is no event", seq);
    if (event.seq !== seq) {
      throw damaged(entry, `the event there has the number ${event.seq}`, seq);
    }
    events.push(event);
  }
  return events;
}

/** The commands of an entry, in the order in which they were decided. @throws HistoryError if they are none. */
export function commandsIn(entry: StoredEntry): RecordedCommand[] {
  return listOf(entry, "commands").flatMap((row, index) => {
    const recorded = commandsOfRow(row, entry.version);
    if (recorded) return recorded;
    throw damaged(entry, `number ${index + 1} of its commands is none that can have been decided`);
  });
}

/** The state that a checkpoint has. @throws HistoryError if it is none, or not the one after its events. */
export function stateIn(entry: StoredEntry): Snapshot {
  const state = upcast("state", parseJson(entry.state ?? ""), entry.version);
  if (!isSnapshot(state)) throw damaged(entry, "the state of its checkpoint is none");
  const last = entry.seq + listOf(entry, "events").length - 1;
  if (state.seq === last) return state;
  throw damaged(entry, `the state of its checkpoint is that after event ${state.seq}, not ${last}`);
}

/** Whether two things say the same as JSON, in whatever order of their members. */
export function saysTheSame(a: unknown, b: unknown): boolean {
  const [x, y] = [JSON.stringify(a), JSON.stringify(b)];
  return x === y || isDeepStrictEqual(JSON.parse(x), JSON.parse(y));
}

export function damaged(
  { seq: first, line }: StoredEntry,
  problem: string,
  seq = first,
  cause?: unknown,
): HistoryError {
  return new HistoryError(problem, REMEDY, { seq, line }, cause === undefined ? {} : { cause });
}

function listOf(entry: StoredEntry, part: "commands" | "events"): unknown[] {
  const list = parseJson(entry[part]);
  if (Array.isArray(list)) return list;
  throw damaged(entry, `its ${part} are no JSON array`);
}

function commandsOfRow(row: unknown, version: number | undefined): RecordedCommand[] | undefined {
  if (!Array.isArray(row)) return undefined;
  const [id, ...rest] = row;
  const at = typeof id === "string" ? logTimeOf(id) : undefined;
  if (!isWhole(at)) return undefined;
  if (rest.length === 1) {
    const command = leaderCommand(upcast("command", rest[0], version));
    return command && [{ at, command }];
  }
  const [session, number, seen, drafts] = rest;
  if (rest.length !== 4 || !isWhole(seen) || !Array.isArray(drafts)) return undefined;
  const upcasted = drafts.map((draft) => upcast("command", draft, version));
  return numbered(upcasted, session, number)?.map((command) => ({ at, command }));
}

function leaderCommand(value: unknown): LeaderCommand | undefined {
  if (!isObject(value)) return undefined;
  const { type, byMs, pauseMs } = value;
  switch (type) {
    case "tick":
      return { type };
    case "rebase":
      return typeof byMs === "number" && Number.isSafeInteger(byMs) ? { type, byMs } : undefined;
    case "restart":
      return isWhole(pauseMs) ? { type, pauseMs } : undefined;
  }
  return undefined;
}
