/** `slotstream revoke`: takes a slot back, or a place in a queue. */

import { type Command, InvalidArgumentError } from "commander";
import type { Coordinator, RevokeOptions } from "../index.js";
import { fleetCommand, operatorFlag, type ReportFlags } from "./flags.js";
import { askFleet } from "./fleet.js";
import type { Report } from "./report.js";

interface RevokeFlags extends ReportFlags {
  readonly force?: true;
  readonly operator?: string;
}

const HELP = `
Without --force the holder is told, and the slot is free when it has let go: a
command under slotstream run gets SIGTERM, then SIGKILL. With --force the slot
is free at once, and the next holder may run beside a holder that doesn't heed;
only the fencing token tells them apart.

Example:
    $ slotstream holders deploy
    $ slotstream revoke Vt3xPq8Zk1Lm-1

Exit status: 0, or
    1  there is nothing to revoke: it has ended, or was told already
   64  wrong usage
   69  Redis cannot be reached
   78  Redis refuses: password, permission, version or data`;

export function registerRevoke(program: Command): void {
  fleetCommand(program, "revoke", "take a slot back, or a place in a queue")
    .description("Take a slot back, or a place in a queue, by the id of the acquisition.")
    .argument("<id>", "as holders and waiters show it", parseId)
    .option("--force", "free the slot at once, whatever its holder does")
    .addOption(operatorFlag())
    .option("--json", "a JSON object, for programs")
    .addHelpText("after", HELP)
    .action(async (id: string, flags: RevokeFlags) => {
      process.exitCode = await askFleet(flags, "embedded", (coordinator) =>
        revoke(coordinator, id, { force: flags.force, operator: flags.operator }),
      );
    });
}

export async function revoke(
  coordinator: Coordinator,
  id: string,
  { force = false, operator }: RevokeOptions,
): Promise<Report> {
  const revoked = await coordinator.revoke(id, { force, operator });
  const json = { id, force, revoked };
  if (!revoked) return { json, text: "", missing: nothingToRevoke(id, force) };
  const effect = force
    ? "its slot is free, or its place in the queue given up."
    : "its holder was told to give the slot back, or its place in the queue given up.";
  return { json, text: `revoked: ${effect}\n` };
}

/** @throws InvalidArgumentError */
function parseId(text: string): string {
  if (text !== "") return text;
  throw new InvalidArgumentError("slotstream holders and waiters show the ids.");
}

function nothingToRevoke(id: string, force: boolean): string {
  const why = `nothing to revoke: ${JSON.stringify(id)} neither holds nor waits`;
  return force ? `${why}.` : `${why}, or was told already. --force takes the slot at once.`;
}
