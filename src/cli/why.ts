/** `slotstream why`: why an acquisition waits, holds or has ended. */

import type { Command } from "commander";
import { describeExplanation, type Explanation, explain } from "../index.js";
import { parseText, type ReportFlags } from "./flags.js";
import { type Report, tell } from "./report.js";
import { askHistory, FILE_ARGUMENT, historyCommand, noteOfFuture, type Source } from "./source.js";
import { printable } from "./table.js";
import { momentOf, TIMES_HELP, type Time, timeFlag } from "./time.js";

interface WhyFlags extends ReportFlags {
  readonly until?: Time;
}

const HELP = `
Of one that waits: who is served before, who holds the slots, what must happen
next, and when at the latest. Of one that holds: what will end that. Of one that
has ended: what led to it.

${TIMES_HELP}

Examples:
  Why does it wait?
    $ slotstream waiters deploy
    $ slotstream why Vt3xPq8Zk1Lm-1
  Why did it wait at 03:12, by an export?
    $ slotstream why Vt3xPq8Zk1Lm-1 incident.jsonl --until 2026-11-23T03:12Z

Exit status: 0, or
    1  nothing that is kept is about it
   64  wrong usage
   65  the history is damaged, or not kept so far back
   66  the file cannot be read
   69  Redis cannot be reached
   78  Redis refuses: password, permission, version or data`;

export function registerWhy(program: Command): void {
  historyCommand(program, "why", "show why an acquisition is as it is")
    .description("Show why an acquisition waits for a slot, holds one, or has ended.")
    .argument("<id>", "the acquisition, as holders, waiters and history show it", parseText)
    .argument("[file]", FILE_ARGUMENT)
    .addOption(timeFlag("--until <time>", "as it was at this time"))
    .option("--json", "a JSON object, for programs")
    .addHelpText("after", HELP)
    .action(async (id: string, file: string | undefined, flags: WhyFlags, command: Command) => {
      process.exitCode = await askHistory(command, file, async (source) => {
        const until = momentOf(flags.until, source.now);
        const report = reportOf(await why(source, id, until));
        return tell({ ...report, note: noteOfFuture(until, source) }, flags.json === true);
      });
    });
}

function why({ fleet, entries, now }: Source, id: string, until?: number): Promise<Explanation> {
  return fleet ? fleet.why(id, { until }) : explain(entries, id, { until, now });
}

function reportOf(explanation: Explanation): Report {
  const lines = describeExplanation(explanation).map(printable);
  if (explanation.kind === "unknown") {
    return { json: explanation, text: "", missing: lines.join(" ") };
  }
  return { json: explanation, text: `${lines.join("\n")}\n` };
}
