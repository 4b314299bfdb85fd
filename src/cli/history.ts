/** `slotstream history`: what happened, event by event. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { EVENT_TYPES } from "../history/check-event.js";
import { select } from "../history/query.js";
import type { Coordinator, Event } from "../index.js";
import type { EventQuery } from "../ports.js";
import { Complaint } from "./complaint.js";
import { eventJson, eventLine } from "./event-line.js";
import { WRONG_USAGE } from "./exit-status.js";
import { countFlag, type ReportFlags, textFlag } from "./flags.js";
import { print, printAll, say } from "./output.js";
import { onSignal } from "./signals.js";
import { askHistory, FILE_ARGUMENT, historyCommand, type Source } from "./source.js";
import { momentOf, TIMES_HELP, type Time, timeFlag } from "./time.js";

type EventType = Event["type"];

interface HistoryFlags extends ReportFlags {
  readonly semaphore?: string;
  readonly acquisition?: string;
  readonly session?: string;
  readonly type?: readonly EventType[];
  readonly since?: Time;
  readonly until?: Time;
  readonly limit?: number;
  readonly reverse?: true;
  readonly follow?: true;
}

const HELP = `
A line has the time, the number of the event, and what happened. Events that
fit all that is given are shown, as far as the history is kept.

${TIMES_HELP}

Examples:
  What happened to deploy in the last ten minutes?
    $ slotstream history --semaphore deploy --since 10m
  The last 20 slots that were lost?
    $ slotstream history --type expired --reverse --limit 20
  What happens now, for a program, until Ctrl-C?
    $ slotstream history --follow --since 0s --json
  The life of one acquisition, out of an export:
    $ slotstream history incident.jsonl.gz --acquisition Vt3xPq8Zk1Lm-1

Exit status: 0, or
   64  wrong usage
   65  the history is damaged, or the file is none
   66  the file cannot be read
   69  Redis cannot be reached
   78  Redis refuses: password, permission, version or data`;

export function registerHistory(program: Command): void {
  historyCommand(program, "history", "show what happened")
    .description("Show what happened, event by event, the oldest first.")
    .argument("[file]", FILE_ARGUMENT)
    .addOption(textFlag("--semaphore <name>", "events of this semaphore"))
    .addOption(textFlag("--acquisition <id>", "events of this acquisition"))
    .addOption(textFlag("--session <id>", "events of this session"))
    .addOption(new Option("--type <types>", "of these types, with commas").argParser(parseTypes))
    .addOption(timeFlag("--since <time>", "not before this time"))
    .addOption(timeFlag("--until <time>", "not after this time"))
    .addOption(countFlag("--limit <n>", "at most so many"))
    .option("--reverse", "the newest first")
    .option("--follow", "go on as more happens, until Ctrl-C or --limit; only on Redis")
    .option("--json", "a JSON object a line, for programs")
    .addHelpText("after", HELP)
    .action(async (file: string | undefined, flags: HistoryFlags, command: Command) => {
      checkFollow(flags, file);
      process.exitCode = await askHistory(command, file, (source) => history(source, flags));
    });
}

async function history(source: Source, flags: HistoryFlags): Promise<number> {
  const line = flags.json ? eventJson : eventLine;
  const query = queryOf(flags, source.now);
  if (flags.follow && source.fleet) return follow(source.fleet, query, line);
  const count = await printAll(linesOf(eventsOf(source, query), line));
  if (count === 0 && !flags.json) say("nothing that is kept fits.");
  return 0;
}

function queryOf(flags: HistoryFlags, now: number): EventQuery {
  const { semaphore, acquisition, session, type: types, limit, reverse } = flags;
  const [since, until] = [momentOf(flags.since, now), momentOf(flags.until, now)];
  return { semaphore, acquisition, session, types, since, until, limit, reverse };
}

function eventsOf({ fleet, entries }: Source, query: EventQuery): AsyncIterable<Event> {
  if (fleet) return fleet.history(query);
  if (!query.reverse) return select(entries, query);
  return newestFirst(select(entries, { ...query, reverse: false, limit: undefined }), query.limit);
}

/** A file is read forwards, so that the last ones are known at its end. */
async function* newestFirst(
  events: AsyncIterable<Event>,
  limit = Infinity,
): AsyncGenerator<Event, void, undefined> {
  let kept: Event[] = [];
  for await (const event of events) {
    kept.push(event);
    if (kept.length > 2 * limit) kept = kept.slice(-limit);
  }
  yield* kept.slice(-limit).reverse();
}

async function* linesOf(
  events: AsyncIterable<Event>,
  line: (event: Event) => string,
): AsyncGenerator<string, void, undefined> {
  for await (const event of events) yield line(event);
}

/** All that is kept, and then what comes, without a gap between them. */
async function follow(
  fleet: Coordinator,
  { reverse: _, ...query }: EventQuery,
  line: (event: Event) => string,
): Promise<number> {
  const ending = new AbortController();
  const stopListening = onSignal(() => ending.abort());
  try {
    const events = fleet.watch({ ...query, after: 0, signal: ending.signal });
    for await (const event of events) print(line(event));
  } finally {
    stopListening();
  }
  return 0;
}

/** @throws Complaint */
function checkFollow({ follow, reverse }: HistoryFlags, file: string | undefined): void {
  if (!follow) return;
  if (file !== undefined) {
    throw new Complaint(WRONG_USAGE, "nothing more happens in a file. Leave out --follow.");
  }
  if (reverse) {
    throw new Complaint(
      WRONG_USAGE,
      "what is to come comes last. Leave out --follow or --reverse.",
    );
  }
}

/** @throws InvalidArgumentError */
function parseTypes(text: string): EventType[] {
  const words = text.split(",").map((word) => word.trim());
  if (words.every(isType)) return words;
  throw new InvalidArgumentError(`There are: ${EVENT_TYPES.join(", ")}.`);
}

function isType(text: string): text is EventType {
  return EVENT_TYPES.includes(text);
}
