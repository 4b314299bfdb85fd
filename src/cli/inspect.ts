/** `slotstream inspect`: serves a page that shows a fleet as it goes on, or an export. */

import { basename } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  type Coordinator,
  HistoryError,
  type Logger,
  RedisCoordinator,
  readHistory,
} from "../index.js";
import { createInspector, type HistorySource, type InspectorOptions } from "../inspector/index.js";
import { DEFAULT_PORT } from "../inspector/options.js";
import { nameOf, readLines, STANDARD_INPUT } from "./archive/read-lines.js";
import { Complaint } from "./complaint.js";
import { BAD_HISTORY, WRONG_USAGE } from "./exit-status.js";
import { isWhole, type RedisFlags } from "./flags.js";
import { connect, reach } from "./fleet.js";
import { print, say } from "./output.js";
import { onSignal } from "./signals.js";
import { checkAlone, FILE_ARGUMENT, historyCommand, NOTHING_TO_ASK } from "./source.js";
import { printable } from "./table.js";

interface InspectFlags extends RedisFlags {
  readonly port: number;
  readonly host?: string;
  readonly token?: string;
  readonly allowActions?: true;
}

const HELP = `
It prints the address to open. Only this computer can reach it, and it can only
look. With a --host that others reach, or --allow-actions, the address contains
a token: whoever has it can see, or do, what the page can. There is no TLS; from
elsewhere, better come through ssh: ssh -L 7600:127.0.0.1:7600 host.

Prometheus finds /metrics and /healthz there, of the 100 fullest semaphores; if
there is a token, it has to say it.

While Redis cannot be reached, the page says so, and goes on when it can.

Examples:
  What does the fleet do?
    $ slotstream inspect --redis redis://localhost:6379
  What happened that night?
    $ slotstream export night.jsonl.gz --redis redis://localhost:6379
    $ slotstream inspect night.jsonl.gz

Exit status: 0 after Ctrl-C or SIGTERM, or
   64  wrong usage, or the port is in use
   65  the file is no export, or is damaged
   66  the file cannot be read
   69  Redis cannot be reached; once the page is there, it waits instead
   78  Redis refuses: password, permission, version or data`;

export function registerInspect(program: Command): void {
  historyCommand(program, "inspect", "show a fleet, or an export, in the browser")
    .description(
      "Show a fleet live in the browser, or an export: semaphores, who held which slot when, the " +
        "state of every acquisition, at any moment that is kept.",
    )
    .argument("[file]", FILE_ARGUMENT)
    .addOption(
      new Option("--port <n>", "where the page is served; 0: any that is free")
        .argParser(parsePort)
        .default(DEFAULT_PORT),
    )
    .option("--host <address>", "reach it from elsewhere as well, like 0.0.0.0")
    .addOption(
      new Option(
        "--token <text>",
        "who doesn't have it sees nothing (default: made where it is needed)",
      ).env("SLOTSTREAM_INSPECT_TOKEN"),
    )
    .option("--allow-actions", "let the page revoke and resize, too")
    .addHelpText("after", HELP)
    .action((file: string | undefined, flags: InspectFlags, command: Command) =>
      file === undefined ? inspectFleet(flags) : inspectFile(file, flags, command),
    );
}

async function inspectFleet(flags: InspectFlags): Promise<void> {
  if (!flags.redis) throw new Complaint(WRONG_USAGE, NOTHING_TO_ASK);
  // A change needs somebody who decides; a mere look must not decide anything.
  const coordinator = connect(flags, flags.allowActions ? "embedded" : "external");
  try {
    await reach(coordinator);
    await serve(coordinator, flags);
  } finally {
    await coordinator.close();
  }
}

async function inspectFile(file: string, flags: InspectFlags, command: Command): Promise<void> {
  checkAlone(command, file);
  if (flags.allowActions) {
    const message = "nothing can be done to an export. Leave out --allow-actions, or the file.";
    throw new Complaint(WRONG_USAGE, message);
  }
  try {
    await serve(await sourceOf(file), flags);
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    throw new Complaint(BAD_HISTORY, `${nameOf(file)}: ${error.message}`, { cause: error });
  }
}

/** Resolves when a signal has ended it. */
async function serve(
  shown: Coordinator | HistorySource,
  { port, host, token, allowActions }: InspectFlags,
): Promise<void> {
  const metrics = shown instanceof RedisCoordinator;
  const options: InspectorOptions = {
    port,
    host,
    token: token || undefined,
    metrics,
    logger: LOGGER,
  };
  await using inspector = await createInspector(shown, {
    ...options,
    allowActions: allowActions === true,
  });
  await new Promise<void>((resolve, reject) => {
    const stopListening = onSignal(() => {
      // Whoever sends a second signal doesn't want to wait.
      stopListening();
      resolve();
    });
    try {
      print(`${inspector.url}\n`);
      say(
        `open it in a browser. ${allowActions ? "It can revoke and resize." : "It only looks."} Ctrl-C ends it.`,
      );
    } catch (error) {
      reject(error);
    }
  });
}

/** A page may be opened again and again, which standard input cannot. */
async function sourceOf(file: string): Promise<HistorySource> {
  if (file !== STANDARD_INPUT)
    return { name: basename(file), read: () => readHistory(readLines(file)) };
  const lines: string[] = [];
  for await (const line of readLines(file)) lines.push(line);
  return { name: nameOf(file), read: () => readHistory(lines) };
}

/** Actions, and what goes wrong. */
const LOGGER: Logger = { debug: () => {}, info: tell, warn: tell, error: tell };

function tell(details: object, message: string): void {
  const [reason] = "reason" in details ? [String(details.reason)] : [JSON.stringify(details)];
  say(printable(`${message}: ${reason}`));
}

/** @throws InvalidArgumentError */
function parsePort(text: string): number {
  if (isWhole(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError("It must be a whole number, from 0 to 65535.");
}
