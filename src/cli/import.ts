/** `slotstream import`: brings an exported history into an empty namespace of Redis. */

import type { Command } from "commander";
import { HistoryError, type Imported, importHistory } from "../index.js";
import { nameOf, readLines } from "./archive/read-lines.js";
import { Complaint } from "./complaint.js";
import { BAD_HISTORY } from "./exit-status.js";
import { fleetCommand, type ReportFlags } from "./flags.js";
import { withConfig } from "./fleet.js";
import { type Report, tell } from "./report.js";

interface ImportFlags extends ReportFlags {
  readonly decisions: boolean;
}

const HELP = `
The namespace must be empty. The file is verified first; then all of it is
there at once, or nothing at all.

A fleet that starts on it goes on where the history ends, as after a loss of
data: nothing is granted for a while, and who is not heard by then has lost its
slot. Its log time and its fencing tokens go on from there, too.

Besides what slotstream needs anyway, the user needs the permissions +rename and
+persist.

Examples:
  Look at an incident with the tools of a fleet, somewhere else:
    $ slotstream import incident.jsonl.gz --redis redis://localhost:6379 \\
        --namespace incident
  Move a fleet to another Redis, once all of it is stopped:
    $ slotstream export all.jsonl --redis redis://old:6379
    $ slotstream import all.jsonl --redis redis://new:6379

Exit status: 0, or
   64  wrong usage, or the namespace is not empty
   65  the file is damaged, or is no history
   66  the file cannot be read
   69  Redis cannot be reached
   78  Redis refuses: password, permission, version or data`;

export function registerImport(program: Command): void {
  fleetCommand(program, "import", "bring an export into an empty namespace")
    .description("Bring an exported history into a namespace that is empty.")
    .argument("<file>", "an export, .gz or not; - is standard input")
    .option("--no-decisions", "don't compare decisions: another version made them")
    .option("--json", "what was imported, as a JSON object, for programs")
    .addHelpText("after", HELP)
    .action(async (file: string, flags: ImportFlags) => {
      const { decisions } = flags;
      const imported = withConfig(flags, (config) =>
        importHistory(config, readLines(file), { decisions }),
      );
      process.exitCode = tell(
        reportOf(await imported.catch(namedAfter(file))),
        flags.json === true,
      );
    });
}

/** What is wrong with the file is told with its name. */
function namedAfter(file: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof HistoryError)) throw error;
    const message = `${nameOf(file)}: ${error.message}`;
    throw new Complaint(BAD_HISTORY, message, { cause: error });
  };
}

function reportOf(imported: Imported): Report {
  const { entries, events, head } = imported;
  const text = `imported: ${entries} entries with ${events} events, up to event ${head.seq}.\n`;
  return { json: imported, text };
}
