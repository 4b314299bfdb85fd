/** `slotstream stats`: how full semaphores are. */

import type { Command } from "commander";
import type { SemaphoreStats } from "../index.js";
import { countFlag, fleetCommand } from "./flags.js";
import { askPlace, type PlaceFlags, placeFlags, type Views } from "./place.js";
import type { Report } from "./report.js";
import { type Column, table } from "./table.js";

interface StatsFlags extends PlaceFlags {
  readonly limit: number;
}

export interface StatsRow extends SemaphoreStats {
  readonly name: string;
}

export const STATS_COLUMNS: readonly Column<StatsRow>[] = [
  { title: "NAME", cell: ({ name }) => name },
  { title: "HELD", align: "right", cell: ({ acquiredSlots }) => String(acquiredSlots) },
  { title: "SLOTS", align: "right", cell: ({ maxSlots }) => String(maxSlots) },
  {
    title: "FULL",
    align: "right",
    cell: ({ acquiredPercent }) => `${Math.round(acquiredPercent)} %`,
  },
  { title: "WAITING", align: "right", cell: ({ queued }) => String(queued) },
];

const HELP = `
A semaphore is in use while somebody holds or waits for a slot. One that is
named is shown for a minute longer.

Examples:
  How busy is the fleet?
    $ slotstream stats --redis redis://localhost:6379
  How many wait to deploy?
    $ slotstream stats deploy --json | jq '.[0].queued'
  How busy was it, by an export?
    $ slotstream stats --file incident.jsonl --until 2026-11-23T03:12Z

Exit status: 0, or
    1  a semaphore that was named is not in use
   64  wrong usage
   65  the file is damaged, or not kept so far back
   66  the file cannot be read
   69  Redis cannot be reached
   78  Redis refuses: password, permission, version or data`;

export function registerStats(program: Command): void {
  placeFlags(fleetCommand(program, "stats", "show how full semaphores are"))
    .description("Show how full semaphores are, the fullest first: those named, or those in use.")
    .argument("[names...]", "semaphores; without names, all that are in use")
    .addOption(countFlag("--limit <n>", "without names: how many to show").default(100))
    .option("--json", "a JSON array, for programs")
    .addHelpText("after", HELP)
    .action(async (names: string[], flags: StatsFlags, command: Command) => {
      process.exitCode = await askPlace(flags, command, (views) =>
        names.length > 0 ? statsOf(views, names) : statsInUse(views, flags.limit),
      );
    });
}

export async function statsOf(views: Views, names: readonly string[]): Promise<Report> {
  const found = await views.stats({ names, limit: names.length });
  const unknown = [...new Set(names)].filter((name) => !found.has(name));
  return {
    ...reportOf(found),
    missing: unknown.length > 0 ? `not in use: ${unknown.map(quoted).join(", ")}.` : undefined,
  };
}

export async function statsInUse(views: Views, limit: number): Promise<Report> {
  const found = [...(await views.stats({ limit: limit + 1 }))];
  return { ...reportOf(new Map(found.slice(0, limit))), note: noteOn(found.length, limit) };
}

function noteOn(found: number, limit: number): string | undefined {
  if (found === 0) return "no semaphore is in use.";
  return found > limit ? `there are more. Raise --limit (${limit}), or name some.` : undefined;
}

function reportOf(stats: ReadonlyMap<string, SemaphoreStats>): Report {
  const rows = [...stats].map(([name, figures]): StatsRow => ({ name, ...figures }));
  return { json: rows, text: rows.length > 0 ? table(rows, STATS_COLUMNS) : "" };
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
