/**
 * Whatever goes wrong ends here: as one line for the user, in the words of the command line, and as
 * an exit status. Never as a stack trace.
 */

import { CommanderError } from "commander";
import { AcquireTimeoutError, AcquisitionLostError, InvalidOptionError } from "../index.js";
import { Complaint, Interrupted } from "./complaint.js";
import { showDuration } from "./duration.js";
import { INTERNAL_ERROR, NO_SLOT_IN_TIME, statusOfSignal, WRONG_USAGE } from "./exit-status.js";
import { say } from "./output.js";

/** Tells the user, and returns the exit status. */
export function complain(error: unknown): number {
  if (error instanceof Interrupted) return statusOfSignal(error.signal);
  if (error instanceof CommanderError) return complainOfUsage(error);
  say(explain(error));
  return exitStatusOf(error);
}

export function explain(error: unknown): string {
  if (error instanceof AcquireTimeoutError) {
    const { semaphoreName, waitedMs, held, value } = error;
    return (
      `no slot of "${semaphoreName}" came free within ${showDuration(waitedMs)}: ` +
      `${held} of ${value} were held. Raise --max-wait, or --value.`
    );
  }
  if (error instanceof AcquisitionLostError && error.reason === "ttl") {
    return (
      `the slot of "${error.semaphoreName}" was lost: it was held longer than --ttl. ` +
      "Raise --ttl, or make the command faster."
    );
  }
  if (error instanceof InvalidOptionError) {
    return error.message.replace(error.option, FLAGS[error.option] ?? error.option);
  }
  return error instanceof Error ? error.message : String(error);
}

/** What the library calls otherwise than the command line. */
const FLAGS: Readonly<Record<string, string>> = {
  name: "--name",
  value: "--value",
  ttlMs: "--ttl",
  maxAcquireTimeMs: "--max-wait",
};

function exitStatusOf(error: unknown): number {
  if (error instanceof Complaint) return error.exitStatus;
  if (error instanceof InvalidOptionError) return WRONG_USAGE;
  if (error instanceof AcquireTimeoutError) return NO_SLOT_IN_TIME;
  return INTERNAL_ERROR;
}

/** Commander has shown what was asked for (help, version), or says what is wrong in one line or two. */
function complainOfUsage({ code, exitCode, message }: CommanderError): number {
  if (exitCode === 0) return 0;
  if (code !== "commander.help") say(message.replace(/^error: /, "").replace(/\s*\n\s*/g, " "));
  return WRONG_USAGE;
}
