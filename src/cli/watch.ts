/** `slotstream watch`: a fleet as it is and what happens there, live. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { Complaint } from "./complaint.js";
import { parseDuration, showDuration } from "./duration.js";
import { eventJson, eventLine } from "./event-line.js";
import { WRONG_USAGE } from "./exit-status.js";
import { fleetCommand, type ReportFlags, textFlag } from "./flags.js";
import { connect, withConfig } from "./fleet.js";
import { print } from "./output.js";
import { onSignal } from "./signals.js";
import { FleetReader } from "./watch/fleet-reader.js";
import { FullScreen } from "./watch/full-screen.js";
import { LiveView } from "./watch/live-view.js";
import { coloured, plain, wantsColour } from "./watch/paint.js";

interface WatchFlags extends ReportFlags {
  readonly semaphore?: string;
  readonly interval: number;
}

/** More often than this, nobody can see it. */
const SHORTEST_INTERVAL_MS = 100;
const LONGEST_INTERVAL_MS = 60_000;

const HELP = `
On a terminal: the semaphores in use by pressure, who holds the slots of one of
them and who waits for one, and the last events. Keys: q quits, j and k (or the
arrows) choose a semaphore, p pauses, ? helps. While Redis cannot be reached, it
says so, and goes on when it can.

Where standard output is no terminal, or with --json: a line for each event that
happens from now on, heartbeats and ticks as well; as slotstream history --follow
shows them.

It asks Redis for 12 commands a second while nothing happens, and for 40 at most
at the default interval, however much the fleet does: the more semaphores and
acquisitions there are, the less often their state is read. It decides nothing.

Examples:
  What is going on?
    $ slotstream watch --redis redis://localhost:6379
  Tell me when somebody loses a slot:
    $ slotstream watch --json | jq 'select(.type == "expired")'

Exit status: 0 after q, Ctrl-C or SIGTERM, or
   64  wrong usage
   69  Redis cannot be reached; once the view is there, it waits instead
   78  Redis refuses: password, permission, version or data`;

export function registerWatch(program: Command): void {
  fleetCommand(program, "watch", "show a fleet live")
    .description("Show a fleet live: semaphores by pressure, slots, queue, the last events.")
    // For a word about files instead of their number.
    .allowExcessArguments()
    .addOption(textFlag("--semaphore <name>", "nothing but this one"))
    .addOption(
      new Option("--interval <time>", "how often to look, on a terminal")
        .argParser(parseInterval)
        .default(250, "250ms"),
    )
    .option("--json", "a JSON object an event, for programs")
    .addHelpText("after", HELP)
    .action(async (flags: WatchFlags, { args: [file] }: Command) => {
      if (file !== undefined) throw notLive(file);
      const isSeen = process.stdout.isTTY === true && process.env.TERM !== "dumb";
      if (isSeen && !flags.json) await show(flags);
      else await follow(flags);
    });
}

/** In lines, for who reads them later or is a program. */
async function follow({ semaphore, json, ...redis }: WatchFlags): Promise<void> {
  const line = json ? eventJson : eventLine;
  const coordinator = connect(redis, "external");
  const ending = new AbortController();
  const stopListening = onSignal(() => ending.abort());
  try {
    for await (const event of coordinator.watch({ semaphore, signal: ending.signal })) {
      print(line(event));
    }
  } finally {
    stopListening();
    await coordinator.close();
  }
}

async function show(flags: WatchFlags): Promise<void> {
  let warn = (_message: string) => {};
  const { namespace = "slotstream", semaphore: only, interval: intervalMs } = flags;
  const reader = withConfig(flags, ({ url }) => {
    return new FleetReader({ url, namespace, only, warn: (message) => warn(message) });
  });
  try {
    // What is wrong from the beginning is told as by any other command.
    const first = await reader.look(only);
    const paint = wantsColour(process.env) ? coloured : plain;
    const view = new LiveView(reader, first, { namespace, only, intervalMs, paint });
    warn = (message) => view.warn(message);
    await showOnTerminal(view);
  } finally {
    reader.close();
  }
}

async function showOnTerminal(view: LiveView): Promise<void> {
  const { stdin, stdout } = process;
  let isGone = false;
  const hangUp = () => {
    isGone = true;
    view.end();
  };
  const screen = new FullScreen(stdout, stdin.isTTY ? stdin : undefined, {
    redraw: () => view.draw(),
    typed: (text) => view.typed(text),
    gone: hangUp,
  });
  const stopListening = onSignal(({ signal }) => (signal === "SIGHUP" ? hangUp() : view.end()));
  try {
    await view.runOn(screen);
  } finally {
    stopListening();
  }
  // As it would have without us: to leave in order, Node needs a terminal that is still there.
  if (isGone) process.kill(process.pid, "SIGHUP");
}

function notLive(file: string): Complaint {
  return new Complaint(
    WRONG_USAGE,
    `nothing happens in a file any more, so that ${JSON.stringify(file)} cannot be watched. ` +
      "slotstream history FILE shows its events, slotstream replay FILE the state at a moment.",
  );
}

/** @throws InvalidArgumentError */
function parseInterval(text: string): number {
  const intervalMs = parseDuration(text);
  if (intervalMs >= SHORTEST_INTERVAL_MS && intervalMs <= LONGEST_INTERVAL_MS) return intervalMs;
  throw new InvalidArgumentError(
    `It must be from ${showDuration(SHORTEST_INTERVAL_MS)} to ${showDuration(LONGEST_INTERVAL_MS)}.`,
  );
}
