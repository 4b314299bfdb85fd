/** `slotstream verify`: whether a history is whole. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { wrongHead } from "../history/problem.js";
import { HistoryError, type StoredEntry, type Verification, verify } from "../index.js";
import { nameOf } from "./archive/read-lines.js";
import { Complaint } from "./complaint.js";
import { DIFFERENT } from "./exit-status.js";
import type { ReportFlags } from "./flags.js";
import { print } from "./output.js";
import { askHistory, FILE_ARGUMENT, historyCommand, type Source } from "./source.js";

interface VerifyFlags extends ReportFlags {
  readonly head?: string;
  readonly decisions: boolean;
}

const HELP = `
Every entry must be as it was written, none may be missing, and each decision
must be the one that this version would make. The first thing that is wrong is
named, with its line in a file.

A chain of hashes finds damage. Against somebody who may write all of it anew,
keep the head that is printed somewhere else, and give it later as --head: it
must be there still, so that nothing before it was changed.

Examples:
  Is the history of the fleet whole?
    $ slotstream verify --redis redis://localhost:6379
  Is this copy?
    $ slotstream verify incident.jsonl.gz
  For a program:
    $ slotstream verify incident.jsonl --json | jq .head

Exit status: 0 if it is whole, or
    1  it is damaged, or no history
   64  wrong usage
   66  the file cannot be read
   69  Redis cannot be reached
   78  Redis refuses: password, permission, version or data`;

export function registerVerify(program: Command): void {
  historyCommand(program, "verify", "check that a history is whole")
    .description("Check that a history is whole, from its beginning to its end.")
    .argument("[file]", FILE_ARGUMENT)
    .addOption(
      new Option("--head <hash>", "the hash of an entry that must be there").argParser(parseHead),
    )
    .option("--no-decisions", "don't compare decisions: another version made them")
    .option("--json", "a JSON object, for programs")
    .addHelpText("after", HELP)
    .action(async (file: string | undefined, flags: VerifyFlags, command: Command) => {
      process.exitCode = await check(file, flags, command);
    });
}

/** A file that is none, or breaks off, is the answer here, and no failure. */
async function check(
  file: string | undefined,
  flags: VerifyFlags,
  command: Command,
): Promise<number> {
  try {
    const result = await askHistory(command, file, (source) => verifySource(source, flags));
    print(flags.json ? `${JSON.stringify(result, undefined, 2)}\n` : textOf(result, file));
    return result.ok ? 0 : DIFFERENT;
  } catch (error) {
    const cause = error instanceof Complaint ? error.cause : error;
    if (!(cause instanceof HistoryError)) throw error;
    throw new Complaint(
      DIFFERENT,
      file === undefined ? cause.message : `${nameOf(file)}: ${cause.message}`,
    );
  }
}

/** The head that the export was made with must be there, and the one that was asked for. */
async function verifySource(
  { header, entries }: Source,
  flags: VerifyFlags,
): Promise<Verification> {
  const { head, decisions } = flags;
  const sought = new Sought(head);
  const result = await verify(sought.among(entries), { head: header.head, decisions });
  if (!result.ok || head === undefined || sought.found) return result;
  return { ...result, ok: false, problem: wrongHead(result.last ?? 0, head) };
}

/** Looks out for a hash among entries that somebody else reads. */
class Sought {
  found = false;

  constructor(private readonly hash: string | undefined) {}

  async *among(entries: AsyncIterable<StoredEntry>): AsyncGenerator<StoredEntry, void, undefined> {
    let isFirst = true;
    for await (const entry of entries) {
      if (entry.hash === this.hash || (isFirst && entry.previous === this.hash)) this.found = true;
      isFirst = false;
      yield entry;
    }
  }
}

function textOf(result: Verification, file: string | undefined): string {
  const { ok, entries, events, first, last, head, trimmed, problem } = result;
  const range = events > 0 ? `, events ${first} to ${last}` : "";
  const right = `${count(entries, "entry", "entries")}${range}`;
  if (!ok) {
    const where =
      problem?.line === undefined ? "" : ` at line ${problem.line} of ${nameOf(file ?? "Redis")}`;
    return `damaged${where}: ${problem?.message}\nright up to there: ${right}\n`;
  }
  if (entries === 0) return "whole: nothing has happened yet.\n";
  const beginning = trimmed ? "\nbegins with a checkpoint: what came before is no longer kept" : "";
  return `whole: ${right}${beginning}\nhead: ${head}\n`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** @throws InvalidArgumentError */
function parseHead(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError(
    "It must be a hash that slotstream verify has printed, 64 digits.",
  );
}
