/** Where `stats`, `holders` and `waiters` look: at a fleet as it is, or at an export as it was at some moment. */

import type { Command } from "commander";
import type { Coordinator, Replayed } from "../index.js";
import { replay } from "../index.js";
import { Complaint } from "./complaint.js";
import { WRONG_USAGE } from "./exit-status.js";
import type { ReportFlags } from "./flags.js";
import { askFleet } from "./fleet.js";
import { type Report, tell } from "./report.js";
import { askHistory, fileFlag, noteOfFuture } from "./source.js";
import { momentOf, type Time, timeFlag } from "./time.js";

/** What they ask. */
export type Views = Pick<Coordinator, "stats" | "holders" | "waiters">;

export interface PlaceFlags extends ReportFlags {
  readonly file?: string;
  readonly until?: Time;
}

export function placeFlags(command: Command): Command {
  return command
    .addOption(fileFlag())
    .addOption(timeFlag("--until <time>", "with --file: as it was at this time"));
}

/**
 * Resolves with the exit status.
 *
 * @param ask gets the moment that is looked at, in milliseconds
 */
export async function askPlace(
  flags: PlaceFlags,
  command: Command,
  ask: (views: Views, now: number) => Promise<Report>,
): Promise<number> {
  const { file, until, json } = flags;
  if (file === undefined) {
    if (until !== undefined) throw new Complaint(WRONG_USAGE, ONLY_NOW);
    return askFleet(flags, "external", (fleet) => ask(fleet, Date.now()));
  }
  return askHistory(command, file, async (source) => {
    const { entries, now } = source;
    const moment = momentOf(until, now);
    const then = await replay(entries, { until: moment });
    const report = await ask(viewsOf(then), moment ?? Math.max(now, then.at));
    const note = noteOfFuture(moment, source) ?? report.note;
    return tell({ ...report, note }, json === true);
  });
}

/** A past state, asked as a fleet is. */
export function viewsOf(then: Replayed): Views {
  return {
    stats: async ({ names, limit } = {}) => new Map([...then.stats(names)].slice(0, limit)),
    holders: async (name) => then.holders(name),
    waiters: async (name) => then.waiters(name),
  };
}

const ONLY_NOW =
  "on Redis it is shown as it is now. Leave out --until, or use slotstream replay --until.";
