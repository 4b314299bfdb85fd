/** A commit as the arguments of its script, in the order that `commit.lua` names. */

import { historyId } from "../history-ids.js";
import type { ChangedTexts, Commit, EntryId, Outgoing, Term } from "../ports.js";
import { checkpointsText } from "./checkpoints.js";
import { toldChanges } from "./told.js";

export interface CommitTerms {
  readonly term: Term;
  readonly runId: string;
  /** Prefix of the inboxes. */
  readonly inbox: string;
}

/** Of a message: its events are the last of its members. */
const ENDING = "]}";

type Arguments = (string | number)[];

export function commitArguments(commit: Commit, terms: CommitTerms): Arguments {
  const { semaphores, acquisitions, sessions, messages } = commit;
  const counts: Arguments = [];
  const fields: Arguments = [];
  for (const changes of [semaphores, acquisitions, sessions, toldChanges(messages)]) {
    counts.push(...append(fields, changes));
  }
  counts.push(messages.size);
  for (const [session, message] of messages) {
    fields.push(session, ...messageArguments(message, commit.history.events));
  }
  const args = [...header(commit, terms), ...counts];
  // Many thousand fields are too many for a spread.
  for (const field of fields) args.push(field);
  return args;
}

function header(commit: Commit, { term, runId, inbox }: CommitTerms): Arguments {
  const { counts, history, checkpoints } = commit;
  return [
    ...[term.epoch, commit.number, commit.from, commit.to, following(commit.to)],
    commit.restarted ? runId : "",
    ...[commit.at, commit.seq, commit.token, commit.sweepAt ?? ""],
    ...[commit.shiftMs, commit.pausedUntil, commit.pauseMs],
    ...[counts.semaphores, counts.acquisitions, counts.sessions],
    ...[
      historyId(history.seq, commit.number),
      history.seq,
      history.commands,
      history.events,
      history.hash,
    ],
    ...[history.previous ?? "", history.state ?? ""],
    ...[checkpoints ? checkpointsText(checkpoints) : "", commit.owed, commit.trimTo ?? "", inbox],
  ];
}

/** Appends what is set and then what is deleted; returns how many of each. */
function append(fields: Arguments, changes: ChangedTexts): [set: number, deleted: number] {
  const deleted: string[] = [];
  for (const [field, text] of changes) {
    if (text === undefined) deleted.push(field);
    else fields.push(field, text);
  }
  for (const field of deleted) fields.push(field);
  return [changes.size - deleted.length, deleted.length];
}

/**
 * How it begins; from where to where its events stand in those of the history, as Lua counts, or nothing twice
 * if they are all of them; and what it is kept by.
 */
function messageArguments({ text, piece, kept }: Outgoing, events: string): Arguments {
  const id = kept.at(-1) ?? "";
  if (piece === undefined) return [text.slice(0, -ENDING.length), 1, 0, id];
  const bracket = text.indexOf("[");
  const isAll = piece.from === 1 && piece.to === events.length - 1;
  if (isAll) return [text.slice(0, bracket), "", "", id];
  return [text.slice(0, bracket + 1), piece.from + 1, piece.to, id];
}

function following(id: EntryId): EntryId {
  const dash = id.indexOf("-");
  return `${id.slice(0, dash)}-${Number(id.slice(dash + 1)) + 1}`;
}
