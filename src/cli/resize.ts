/** `slotstream resize`: changes how many slots a semaphore has. */

import { type Command, InvalidArgumentError } from "commander";
import { MAX_VALUE } from "../core/command.js";
import type { Coordinator } from "../index.js";
import { fleetCommand, isWhole, operatorFlag, type ReportFlags } from "./flags.js";
import { askFleet } from "./fleet.js";
import { notInUse } from "./listing.js";
import type { Report } from "./report.js";

interface ResizeFlags extends ReportFlags {
  readonly operator?: string;
}

const HELP = `
It holds for everybody, whatever --value they say, and until it is set back.
Growing wakes who waits. Shrinking evicts nobody: nothing is granted until
fewer are held than there are slots. 0 pauses.

Examples:
  Let nobody in until the incident is over:
    $ slotstream resize external-api 0
    $ slotstream resize external-api 10

Exit status: 0, also if it has that size already, or
    1  no such semaphore is in use
   64  wrong usage
   69  Redis cannot be reached
   78  Redis refuses: password, permission, version or data`;

export function registerResize(program: Command): void {
  fleetCommand(program, "resize", "change how many slots a semaphore has")
    .description("Change how many slots a semaphore has that is in use.")
    .argument("<name>", "the semaphore")
    .argument("<value>", `how many slots, from 0 to ${MAX_VALUE}`, parseValue)
    .addOption(operatorFlag())
    .option("--json", "a JSON object, for programs")
    .addHelpText("after", HELP)
    .action(async (name: string, value: number, flags: ResizeFlags) => {
      process.exitCode = await askFleet(flags, "embedded", (coordinator) =>
        resize(coordinator, name, value, flags.operator),
      );
    });
}

export async function resize(
  coordinator: Coordinator,
  name: string,
  value: number,
  operator?: string,
): Promise<Report> {
  const resized = await coordinator.resize(name, value, { operator });
  const json = { name, value, resized };
  if (resized) return { json, text: `"${name}" has ${slots(value)} now.\n` };
  const known = await coordinator.stats({ names: [name] });
  if (!known.has(name)) return { json, text: "", missing: notInUse(name) };
  return { json, text: `"${name}" has ${slots(value)} already.\n` };
}

/** @throws InvalidArgumentError */
function parseValue(text: string): number {
  if (isWhole(text) && Number(text) <= MAX_VALUE) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number, from 0 to ${MAX_VALUE}.`);
}

function slots(value: number): string {
  if (value === 0) return "no slots (it is paused)";
  return value === 1 ? "1 slot" : `${value} slots`;
}
