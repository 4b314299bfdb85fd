/** A commit as the arguments of its script, in the order that `commit.lua` names. */

import type { Changes, Commit, EntryId, Term } from "../ports.js";

export interface CommitTerms {
  readonly term: Term;
  readonly runId: string;
  readonly historyRetention: number;
  /** Prefix of the inboxes. */
  readonly inbox: string;
}

type Arguments = (string | number)[];

export function commitArguments(commit: Commit, terms: CommitTerms): Arguments {
  const { semaphores, acquisitions, sessions, messages } = commit;
  const counts: Arguments = [];
  const fields: Arguments = [];
  for (const changes of [semaphores, acquisitions, sessions]) {
    counts.push(...append(fields, changes));
  }
  counts.push(messages.size);
  for (const [session, { text, seenBytes }] of messages)
    fields.push(session, text, seenBytes ?? "-");
  const args = [...header(commit, terms), ...counts];
  // Many thousand fields are too many for a spread.
  for (const field of fields) args.push(field);
  return args;
}

function header(commit: Commit, { term, runId, historyRetention, inbox }: CommitTerms): Arguments {
  const { counts, history } = commit;
  return [
    ...[term.epoch, commit.number, commit.from, commit.to, following(commit.to)],
    commit.restarted ? runId : "",
    ...[commit.at, commit.seq, commit.token, commit.sweepAt ?? ""],
    ...[commit.shiftMs, commit.pausedUntil],
    ...[counts.semaphores, counts.acquisitions, counts.sessions],
    ...[historyRetention, history.seq, history.commands, history.events, history.hash, inbox],
  ];
}

/** Appends what is set and then what is deleted; returns how many of each. */
function append(fields: Arguments, changes: Changes): [set: number, deleted: number] {
  const deleted: string[] = [];
  for (const [field, text] of changes) {
    if (text === undefined) deleted.push(field);
    else fields.push(field, text);
  }
  for (const field of deleted) fields.push(field);
  return [changes.size - deleted.length, deleted.length];
}

function following(id: EntryId): EntryId {
  const [ms, sequence] = id.split("-");
  return `${ms}-${Number(sequence) + 1}`;
}
