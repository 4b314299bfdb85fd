/** `slotstream export`: the history of a fleet as a file, or on standard output. */

import type { Command } from "commander";
import { parseHeader } from "../history/line.js";
import type { Coordinator } from "../index.js";
import { STANDARD_INPUT } from "./archive/read-lines.js";
import { writeFile } from "./archive/write-file.js";
import { fleetCommand, type ReportFlags } from "./flags.js";
import { connect } from "./fleet.js";
import { printAll } from "./output.js";
import { tell } from "./report.js";
import { interruptibly } from "./signals.js";

interface ExportFlags extends ReportFlags {
  readonly force?: true;
}

const HELP = `
A line is a JSON object: a header, and then an entry for each commit, with the
commands that were decided, the events that followed, and a hash that binds it
to the entry before. Nothing else need be kept: history, replay, verify, why,
stats, holders, waiters and import read it, also with no Redis at all.

A file is complete when it has its name: until then it has another one, and a
failure leaves nothing. One whose name ends with .gz is packed with gzip.

Examples:
  Keep what happened, for later:
    $ slotstream export incident.jsonl.gz --redis redis://localhost:6379
  Into a log store:
    $ slotstream export | gzip | aws s3 cp - s3://logs/slots.jsonl.gz

Exit status: 0, or
   64  wrong usage
   65  the history in Redis is damaged
   69  Redis cannot be reached
   73  the file is there already, or cannot be written
   78  Redis refuses: password, permission, version or data`;

export function registerExport(program: Command): void {
  fleetCommand(program, "export", "write the history to a file")
    .description("Write the history of a fleet to a file, or to standard output: as JSON Lines.")
    .argument("[file]", "where to; packed if it ends with .gz; without it: standard output")
    .option("--force", "replace a file that is there")
    .option("--json", "with a file: what was written, as a JSON object, for programs")
    .addHelpText("after", HELP)
    .action(async (file: string | undefined, flags: ExportFlags) => {
      const fleet = connect(flags, "external");
      try {
        process.exitCode = await exportTo(file, fleet, flags);
      } finally {
        await fleet.close();
      }
    });
}

async function exportTo(
  file: string | undefined,
  fleet: Coordinator,
  flags: ExportFlags,
): Promise<number> {
  if (file === undefined || file === STANDARD_INPUT) {
    await printAll(withLineFeeds(fleet.export()));
    return 0;
  }
  const tally = { lines: 0, header: "" };
  const texts = withLineFeeds(counted(fleet.export(), tally));
  await interruptibly((signal) => writeFile(file, texts, { force: flags.force === true, signal }));
  const [entries, { head }] = [tally.lines - 1, parseHeader(tally.header)];
  const text = `${entries} ${entries === 1 ? "entry" : "entries"} written to ${file}\n`;
  return tell({ json: { file, entries, head }, text }, flags.json === true);
}

async function* counted(
  lines: AsyncIterable<string>,
  tally: { lines: number; header: string },
): AsyncGenerator<string, void, undefined> {
  for await (const line of lines) {
    if (tally.lines++ === 0) tally.header = line;
    yield line;
  }
}

async function* withLineFeeds(
  lines: AsyncIterable<string>,
): AsyncGenerator<string, void, undefined> {
  for await (const line of lines) yield `${line}\n`;
}
