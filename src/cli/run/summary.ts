/** What `--each` tells at its end, and how it names a line. */

import { showDuration } from "../duration.js";
import type { Tally } from "./tally.js";

const LONGEST_NAME = 60;

/** Lines of text for people. */
export function summary(tally: Tally, elapsedMs: number): string[] {
  const { longestHold } = tally;
  const told = [`${counts(tally)}, in ${showDuration(elapsedMs)}`];
  const [p50, p99] = [tally.waitPercentileMs(50), tally.waitPercentileMs(99)];
  if (p50 !== undefined && p99 !== undefined) {
    told.push(`waited for a slot: p50 ${showDuration(p50)}, p99 ${showDuration(p99)}`);
  }
  if (longestHold) {
    told.push(
      `held a slot longest: ${showDuration(longestHold.ms)}, for ${quote(longestHold.line)}`,
    );
  }
  return told;
}

/** In quotes, without control characters, and not too long. */
export function quote(line: string): string {
  const short = line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME)}…` : line;
  return JSON.stringify(short);
}

function counts({ read, readAll, ended, succeeded, failed, interrupted }: Tally): string {
  const all = readAll && ended === read;
  const parts = [`${all ? `${lines(read)}: ` : "ended early: "}${succeeded} done`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (interrupted > 0) parts.push(`${interrupted} interrupted`);
  if (!all) parts.push("the rest was not run");
  return parts.join(", ");
}

function lines(count: number): string {
  return count === 1 ? "1 line" : `${count} lines`;
}
