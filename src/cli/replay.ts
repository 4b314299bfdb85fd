/** `slotstream replay`: what was, at any moment that is kept. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { against, type Moment, type Replayed, replay } from "../index.js";
import { DIFFERENT } from "./exit-status.js";
import { isWhole, type ReportFlags, textFlag } from "./flags.js";
import { printAll } from "./output.js";
import { describeComparison } from "./replay/comparison.js";
import { lifeOf } from "./replay/life.js";
import { situation } from "./replay/situation.js";
import { testFile } from "./replay/test-file.js";
import { type Report, tell } from "./report.js";
import { askHistory, FILE_ARGUMENT, historyCommand, noteOfFuture, type Source } from "./source.js";
import { momentOf, TIMES_HELP, type Time, timeFlag } from "./time.js";

interface ReplayFlags extends ReportFlags {
  readonly until?: Time;
  readonly untilSeq?: number;
  readonly semaphore?: string;
  readonly acquisition?: string;
  readonly against?: true;
  readonly test?: true;
}

const HELP = `
Shows who held which slot and who waited at a moment, exactly as it was. Without
a moment: after the last event.

${TIMES_HELP}

--acquisition shows one life instead, as the state machine went through it.
--against lets this version decide all recorded commands once more, and names
the first event that is another one today: for an upgrade, or a change of code.
--test writes a test for vitest that rebuilds the moment: it reads the file,
which must stand beside it, or contains what it needs if that came from Redis
or standard input. Edit what it expects into what should have been.

Examples:
  What was the state at 03:12?
    $ slotstream replay --until 2026-11-23T03:12Z
  Right before event 57, of deploy?
    $ slotstream replay incident.jsonl --until-seq 56 --semaphore deploy
  Does this version decide as that one did?
    $ slotstream replay incident.jsonl --against
  Turn the incident into a test:
    $ slotstream replay incident.jsonl --until-seq 57 --test > incident.test.ts
    $ npx vitest run incident.test.ts

Exit status: 0, or
    1  with --against: there is a difference; else: what is named was not there
   64  wrong usage
   65  the history is damaged, or not kept so far back
   66  the file cannot be read
   69  Redis cannot be reached
   78  Redis refuses: password, permission, version or data`;

export function registerReplay(program: Command): void {
  historyCommand(program, "replay", "show what was, at any moment")
    .description("Show what was, at any moment that is kept; or turn it into a test.")
    .argument("[file]", FILE_ARGUMENT)
    .addOption(timeFlag("--until <time>", "the moment"))
    .addOption(
      new Option("--until-seq <n>", "the moment, by the number of its last event")
        .argParser(parseSeq)
        .conflicts("until"),
    )
    .addOption(textFlag("--semaphore <name>", "only this semaphore"))
    .addOption(
      textFlag("--acquisition <id>", "the life of this acquisition").conflicts("semaphore"),
    )
    .addOption(
      new Option("--against", "compare with what this version decides").conflicts([
        ...["until", "untilSeq", "semaphore", "acquisition"],
      ]),
    )
    .addOption(
      new Option("--test", "write a test for vitest").conflicts([
        ...["against", "acquisition", "json"],
      ]),
    )
    .option("--json", "a JSON object, for programs")
    .addHelpText("after", HELP)
    .action(async (file: string | undefined, flags: ReplayFlags, command: Command) => {
      process.exitCode = await askHistory(command, file, (source) => answer(source, file, flags));
    });
}

async function answer(
  source: Source,
  file: string | undefined,
  flags: ReplayFlags,
): Promise<number> {
  const moment = { until: momentOf(flags.until, source.now), untilSeq: flags.untilSeq };
  const asJson = flags.json === true;
  if (flags.against) {
    const comparison = await against(source.entries);
    const isSame = comparison.difference === undefined;
    const text = describeComparison(comparison);
    return Math.max(tell({ json: comparison, text }, asJson), isSame ? 0 : DIFFERENT);
  }
  if (flags.test) {
    await printAll(testFile(source, file, moment, flags.semaphore));
    return 0;
  }
  const found = await report(source, moment, flags);
  const note = noteOfFuture(moment.until, source) ?? found.note;
  return tell({ ...found, note }, asJson);
}

async function report(source: Source, moment: Moment, flags: ReplayFlags): Promise<Report> {
  const { acquisition, semaphore } = flags;
  if (acquisition !== undefined) return lifeOf(source.entries, acquisition, moment);
  return situation(await replayed(source, moment), moment, semaphore);
}

function replayed({ fleet, entries }: Source, moment: Moment): Promise<Replayed> {
  return fleet ? fleet.replay(moment) : replay(entries, moment);
}

/** @throws InvalidArgumentError */
function parseSeq(text: string): number {
  if (isWhole(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new InvalidArgumentError("It must be the number of an event; 0 is before the first.");
}
