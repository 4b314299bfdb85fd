/** `slotstream holders`: who holds the slots of a semaphore. */

import type { Command } from "commander";
import type { Coordinator, Holder } from "../index.js";
import { showMoment } from "./duration.js";
import { fleetCommand, type ReportFlags } from "./flags.js";
import { askFleet } from "./fleet.js";
import { ID, listing, METADATA } from "./listing.js";
import type { Report } from "./report.js";
import type { Column } from "./table.js";

const HELP = `
EXPIRES is when the slot's --ttl ends; it says "revoked" if an operator took the
slot back and its holder has not let go yet. Times for people are as this
computer's clock sees them; with --json they are milliseconds of Redis's clock.

Example:
  Who keeps us from deploying?
    $ slotstream holders deploy --redis redis://localhost:6379

Exit status: 0, or
    1  no such semaphore is in use
   64  wrong usage
   69  Redis cannot be reached
   78  Redis refuses: password, permission, version or data`;

export function registerHolders(program: Command): void {
  fleetCommand(program, "holders", "show who holds the slots of a semaphore")
    .description("Show who holds the slots of a semaphore, in order of the grants.")
    .argument("<name>", "the semaphore")
    .option("--json", "a JSON array, for programs")
    .addHelpText("after", HELP)
    .action(async (name: string, flags: ReportFlags) => {
      process.exitCode = await askFleet(flags, "external", (coordinator) =>
        holders(coordinator, name, Date.now()),
      );
    });
}

export async function holders(
  coordinator: Coordinator,
  name: string,
  now: number,
): Promise<Report> {
  const rows = await coordinator.holders(name);
  return listing(coordinator, name, rows, columns(now), `nobody holds a slot of "${name}".`);
}

function columns(now: number): readonly Column<Holder>[] {
  return [
    { title: "SLOT", align: "right", cell: ({ slotNumber }) => String(slotNumber) },
    { title: "GRANTED", cell: ({ grantedAt }) => showMoment(Math.min(grantedAt, now), now) },
    { title: "EXPIRES", cell: (holder) => showEnd(holder, now) },
    { title: "TOKEN", align: "right", cell: ({ fencingToken }) => String(fencingToken) },
    ID,
    METADATA,
  ];
}

function showEnd({ revoked, expiresAt }: Holder, now: number): string {
  if (revoked) return "revoked";
  return expiresAt === undefined ? "-" : showMoment(Math.max(expiresAt, now), now);
}
