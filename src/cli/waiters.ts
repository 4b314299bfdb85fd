/** `slotstream waiters`: who waits for a slot of a semaphore. */

import type { Command } from "commander";
import type { Waiter } from "../index.js";
import { showMoment } from "./duration.js";
import { fleetCommand } from "./flags.js";
import { ID, listing, METADATA } from "./listing.js";
import { askPlace, type PlaceFlags, placeFlags, type Views } from "./place.js";
import type { Report } from "./report.js";
import type { Column } from "./table.js";

const HELP = `
GIVES UP is when its --max-wait ends. Times for people are as this computer's
clock sees them, or as seen from the moment that a file is asked for; with
--json they are milliseconds of Redis's clock.

Examples:
  How long is the queue?
    $ slotstream waiters deploy --redis redis://localhost:6379
  How long was it, by an export?
    $ slotstream waiters deploy --file incident.jsonl --until 2026-11-23T03:12Z

Exit status: 0, or
    1  no such semaphore is in use
   64  wrong usage
   65  the file is damaged, or not kept so far back
   66  the file cannot be read
   69  Redis cannot be reached
   78  Redis refuses: password, permission, version or data`;

export function registerWaiters(program: Command): void {
  placeFlags(fleetCommand(program, "waiters", "show who waits for a slot of a semaphore"))
    .description("Show who waits for a slot of a semaphore, in order of the queue.")
    .argument("<name>", "the semaphore")
    .option("--json", "a JSON array, for programs")
    .addHelpText("after", HELP)
    .action(async (name: string, flags: PlaceFlags, command: Command) => {
      process.exitCode = await askPlace(flags, command, (views, now) => waiters(views, name, now));
    });
}

export async function waiters(views: Views, name: string, now: number): Promise<Report> {
  const rows = await views.waiters(name);
  return listing(views, name, rows, waiterColumns(now), `nobody waits for a slot of "${name}".`);
}

/** @param now the moment that they are seen from */
export function waiterColumns(now: number): readonly Column<Waiter>[] {
  return [
    { title: "POSITION", align: "right", cell: ({ position }) => String(position) },
    { title: "QUEUED", cell: ({ queuedAt }) => showMoment(Math.min(queuedAt, now), now) },
    { title: "GIVES UP", cell: (waiter) => showEnd(waiter, now) },
    ID,
    METADATA,
  ];
}

function showEnd({ expiresAt }: Waiter, now: number): string {
  return expiresAt === undefined ? "-" : showMoment(Math.max(expiresAt, now), now);
}
