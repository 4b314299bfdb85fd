/** `slotstream run`: checks what is asked for, and runs one command, or with `--each` one for each line. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { MemorySemaphore } from "../index.js";
import { Complaint } from "./complaint.js";
import { parseDuration } from "./duration.js";
import { WRONG_USAGE } from "./exit-status.js";
import { runEach } from "./run/each.js";
import { RUN_HELP } from "./run/help.js";
import { runOnce } from "./run/once.js";

/** As commander hands them over; durations are milliseconds by now. */
interface RunFlags {
  readonly name?: string;
  readonly value: number;
  readonly ttl?: number;
  readonly maxWait?: number;
  readonly killAfter: number;
  readonly each?: true;
  readonly summary?: true;
  readonly quiet?: true;
}

export function registerRun(program: Command): void {
  program
    .command("run")
    .summary("run a command while it holds a slot")
    .description(
      "Run a command while it holds a slot of a semaphore. With --each, run it for every line " +
        "of standard input, as many at a time as there are slots.",
    )
    .usage("--name <name> [options] -- <command> [arguments]")
    .helpOption("-h, --help", "show this help")
    .argument("[command...]")
    .option("--name <name>", "the name of the semaphore (required)")
    .addOption(count("--value <n>", "how many slots it has").default(1))
    .addOption(duration("--ttl <time>", "how long a slot may be held, like 90s or 5m"))
    .addOption(duration("--max-wait <time>", "how long to wait for a slot"))
    .addOption(duration("--kill-after <time>", "from SIGTERM to SIGKILL").default(10_000, "10s"))
    .option("--each", "run the command for every line of standard input")
    .option("--summary", "tell at the end how long it waited and held (--each always does)")
    .option("--quiet", "with --each: no progress, no summary, only what went wrong")
    .passThroughOptions()
    .addHelpText("after", RUN_HELP)
    .action(async (command: string[], flags: RunFlags) => {
      process.exitCode = await run(command, flags);
    });
}

async function run(command: readonly string[], flags: RunFlags): Promise<number> {
  const { name, value, ttl, maxWait, killAfter: killAfterMs, each, summary, quiet } = flags;
  // Not required of commander, which would miss it before it noticed that it is misspelt.
  if (name === undefined) {
    throw wrongUsage("which semaphore? Name it first: slotstream run --name deploy -- ./deploy.sh");
  }
  if (command.length === 0) {
    throw wrongUsage(`which command? It comes last: slotstream run --name ${name} -- ./deploy.sh`);
  }
  const semaphore = new MemorySemaphore({ name, value, ttlMs: ttl, maxAcquireTimeMs: maxWait });
  return each
    ? runEach(semaphore, command, { killAfterMs, quiet: quiet === true })
    : runOnce(semaphore, command, { killAfterMs, summary: summary === true });
}

function count(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text: string) => {
    if (/^\d+$/.test(text)) return Number(text);
    throw new InvalidArgumentError("It must be a whole number, from 1 on.");
  });
}

function duration(flags: string, description: string): Option {
  return new Option(flags, description).argParser(parseDuration);
}

function wrongUsage(message: string): Complaint {
  return new Complaint(WRONG_USAGE, message);
}
