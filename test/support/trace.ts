/**
 * Runs a trace: each line is followed by what came of it, indented. Lines of a person's hand
 * (commands, comments, blank lines) stay; indented ones are output and are written anew.
 */

import { nextDeadline } from "../../src/core/deadlines.js";
import { describeEvent, describeState, duration } from "../../src/core/describe.js";
import type { Event } from "../../src/core/event.js";
import { type Line, parseLine } from "./language.js";
import { Partition } from "./partition.js";

/** The trace with the output that its commands have today. */
export function runTrace(text: string): string {
  const partition = new Partition();
  const written = text
    .trimEnd()
    .split("\n")
    .flatMap((line, index) => {
      if (line.startsWith(" ")) return [];
      if (line === "" || line.startsWith("#")) return [line];
      const output = located(line, index + 1, () => run(partition, parseLine(line)));
      return [line, ...output.map((out) => `  ${out}`)];
    });
  partition.checkFolds();
  return `${written.join("\n")}\n`;
}

function run(partition: Partition, line: Line): string[] {
  switch (line.type) {
    case "command":
      return outcome(partition.ask(line.ask, line.number));
    case "leader":
      return outcome(partition.apply(line.command));
    case "at":
      if (line.ms < partition.now) throw new Error("log time does not go back");
      partition.at(line.ms);
      return [];
    case "state":
      return describeState(partition.state).split(" | ");
    case "deadline": {
      const deadline = nextDeadline(partition.state);
      return [deadline === undefined ? "never" : duration(deadline)];
    }
    case "reload":
      partition.reload();
      return ["the same state"];
  }
}

function outcome(events: readonly Event[]): string[] {
  return events.length > 0
    ? events.map((event) => `#${event.seq} ${describeEvent(event)}`)
    : ["nothing"];
}

function located<T>(line: string, number: number, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`line ${number}, "${line}": ${why}`, { cause });
  }
}
