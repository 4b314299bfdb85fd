/** `slotstream waiters`: who waits for a slot of a semaphore. */

import type { Command } from "commander";
import type { Coordinator, Waiter } from "../index.js";
import { showMoment } from "./duration.js";
import { fleetCommand, type ReportFlags } from "./flags.js";
import { askFleet } from "./fleet.js";
import { ID, listing, METADATA } from "./listing.js";
import type { Report } from "./report.js";
import type { Column } from "./table.js";

const HELP = `
GIVES UP is when its --max-wait ends. Times for people are as this computer's
clock sees them; with --json they are milliseconds of Redis's clock.

Example:
  How long is the queue?
    $ slotstream waiters deploy --redis redis://localhost:6379

Exit status: 0, or
    1  no such semaphore is in use
   64  wrong usage
   69  Redis cannot be reached
   78  Redis refuses: password, permission, version or data`;

export function registerWaiters(program: Command): void {
  fleetCommand(program, "waiters", "show who waits for a slot of a semaphore")
    .description("Show who waits for a slot of a semaphore, in order of the queue.")
    .argument("<name>", "the semaphore")
    .option("--json", "a JSON array, for programs")
    .addHelpText("after", HELP)
    .action(async (name: string, flags: ReportFlags) => {
      process.exitCode = await askFleet(flags, "external", (coordinator) =>
        waiters(coordinator, name, Date.now()),
      );
    });
}

export async function waiters(
  coordinator: Coordinator,
  name: string,
  now: number,
): Promise<Report> {
  const rows = await coordinator.waiters(name);
  return listing(coordinator, name, rows, columns(now), `nobody waits for a slot of "${name}".`);
}

function columns(now: number): readonly Column<Waiter>[] {
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
