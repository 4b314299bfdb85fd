/** `slotstream holders`: who holds the slots of a semaphore. */

import type { Command } from "commander";
import type { Holder } from "../index.js";
import { showMoment } from "./duration.js";
import { fleetCommand } from "./flags.js";
import { ID, listing, METADATA } from "./listing.js";
import { askPlace, type PlaceFlags, placeFlags, type Views } from "./place.js";
import type { Report } from "./report.js";
import type { Column } from "./table.js";

const HELP = `
EXPIRES is when the slot's --ttl ends; it says "revoked" if an operator took the
slot back and its holder has not let go yet. Times for people are as this
computer's clock sees them, or as seen from the moment that a file is asked
for; with --json they are milliseconds of Redis's clock.

Examples:
  Who keeps us from deploying?
    $ slotstream holders deploy --redis redis://localhost:6379
  Who did, by an export?
    $ slotstream holders deploy --file incident.jsonl --until 2026-11-23T03:12Z

Exit status: 0, or
    1  no such semaphore is in use
   64  wrong usage
   65  the file is damaged, or not kept so far back
   66  the file cannot be read
   69  Redis cannot be reached
   78  Redis refuses: password, permission, version or data`;

export function registerHolders(program: Command): void {
  placeFlags(fleetCommand(program, "holders", "show who holds the slots of a semaphore"))
    .description("Show who holds the slots of a semaphore, in order of the grants.")
    .argument("<name>", "the semaphore")
    .option("--json", "a JSON array, for programs")
    .addHelpText("after", HELP)
    .action(async (name: string, flags: PlaceFlags, command: Command) => {
      process.exitCode = await askPlace(flags, command, (views, now) => holders(views, name, now));
    });
}

export async function holders(views: Views, name: string, now: number): Promise<Report> {
  const rows = await views.holders(name);
  return listing(views, name, rows, holderColumns(now), `nobody holds a slot of "${name}".`);
}

/** @param now the moment that they are seen from */
export function holderColumns(now: number): readonly Column<Holder>[] {
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
