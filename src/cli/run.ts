/** `slotstream run`: checks what is asked for, and runs one command, or with `--each` one for each line. */

import type { Command } from "commander";
import { Complaint } from "./complaint.js";
import { WRONG_USAGE } from "./exit-status.js";
import { countFlag, durationFlag, namespaceFlag, type RedisFlags, redisFlag } from "./flags.js";
import { runEach } from "./run/each.js";
import { RUN_HELP } from "./run/help.js";
import { runOnce } from "./run/once.js";
import { withSlots } from "./run/slots.js";

/** As commander hands them over; durations are milliseconds by now. */
interface RunFlags extends RedisFlags {
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
    .addOption(countFlag("--value <n>", "how many slots it has").default(1))
    .addOption(redisFlag("share the slots with a fleet, over this Redis"))
    .addOption(namespaceFlag())
    .addOption(durationFlag("--ttl <time>", "how long a slot may be held, like 90s or 5m"))
    .addOption(durationFlag("--max-wait <time>", "how long to wait for a slot; 0: not at all"))
    .addOption(
      durationFlag("--kill-after <time>", "from SIGTERM to SIGKILL").default(10_000, "10s"),
    )
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
  const { name, maxWait, killAfter: killAfterMs, each, summary, quiet } = flags;
  // Not required of commander, which would miss it before it noticed that it is misspelt.
  if (name === undefined) {
    throw wrongUsage("which semaphore? Name it first: slotstream run --name deploy -- ./deploy.sh");
  }
  const [file] = command;
  if (file === undefined) {
    throw wrongUsage(`which command? It comes last: slotstream run --name ${name} -- ./deploy.sh`);
  }
  const waits = maxWait !== 0;
  return withSlots({ ...flags, name }, file, (semaphore) =>
    each
      ? runEach(semaphore, command, { killAfterMs, waits, quiet: quiet === true })
      : runOnce(semaphore, command, { killAfterMs, waits, summary: summary === true }),
  );
}

function wrongUsage(message: string): Complaint {
  return new Complaint(WRONG_USAGE, message);
}
