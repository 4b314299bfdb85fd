/**
 * Whatever goes wrong ends here: as one line for the user, in the words of the command line, and as
 * an exit status. Never as a stack trace.
 */

import { CommanderError } from "commander";
import {
  AcquireCancelledError,
  AcquireTimeoutError,
  AcquisitionLostError,
  BackendUnavailableError,
  HistoryError,
  InvalidOptionError,
  ProtocolError,
  ValueMismatchError,
} from "../index.js";
import { Complaint, Interrupted } from "./complaint.js";
import { showDuration } from "./duration.js";
import {
  BAD_HISTORY,
  INTERNAL_ERROR,
  NO_SLOT_IN_TIME,
  REFUSED,
  statusOfSignal,
  UNAVAILABLE,
  WRONG_USAGE,
} from "./exit-status.js";
import { say } from "./output.js";

/** How the program ends, and what it says then, if anything. */
export interface End {
  readonly status: number;
  readonly message?: string;
}

/** Tells the user, and returns the exit status. */
export function complain(error: unknown): number {
  const { status, message } = endWith(error);
  if (message !== undefined) say(message);
  return status;
}

export function endWith(error: unknown): End {
  if (error instanceof Interrupted) return { status: statusOfSignal(error.signal) };
  if (error instanceof CommanderError) return endOfUsage(error);
  return { status: exitStatusOf(error), message: explain(error) };
}

export function explain(error: unknown): string {
  if (error instanceof AcquireTimeoutError) return explainTimeout(error);
  if (error instanceof AcquisitionLostError) {
    const why = LOSSES[error.reason];
    return why ? `the slot of "${error.semaphoreName}" was lost: ${why}` : error.message;
  }
  if (error instanceof AcquireCancelledError) {
    return `the place in the queue of "${error.semaphoreName}" was lost: an operator revoked it.`;
  }
  if (error instanceof ValueMismatchError) {
    const { semaphoreName, current, requested } = error;
    return (
      `"${semaphoreName}" is in use with --value ${current}, but this one says ${requested}. ` +
      "Say the same everywhere, or wait until nobody uses it."
    );
  }
  if (error instanceof BackendUnavailableError) return explainOutage(error);
  return error instanceof Error ? error.message : String(error);
}

/** With what the network said, where that says more. */
function explainOutage(error: BackendUnavailableError): string {
  const root = rootOf(error);
  if (root instanceof BackendUnavailableError) return root.message;
  return root.message !== "" && error.message.includes(root.message)
    ? error.message
    : `${error.message} (${textOf(root)})`;
}

function rootOf(error: Error): Error {
  const seen = new Set<Error>();
  let root = error;
  while (root.cause instanceof Error && !seen.has(root)) {
    seen.add(root);
    root = root.cause;
  }
  return root;
}

/** A name with several addresses fails in several ways. */
function textOf(error: Error): string {
  if (!(error instanceof AggregateError)) return error.message;
  return error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join(", ");
}

function explainTimeout(error: AcquireTimeoutError): string {
  const { semaphoreName, waitedMs, held, value, cause } = error;
  const failure = `no slot of "${semaphoreName}" came free within ${showDuration(waitedMs)}`;
  if (cause instanceof Error) return `${failure}: ${explain(cause)}`;
  const why = held === undefined ? "" : `: ${held} of ${value} were held`;
  return `${failure}${why}. Raise --max-wait, or --value.`;
}

/** Where the library's own words would not help on the command line. */
const LOSSES: Partial<Record<AcquisitionLostError["reason"], string>> = {
  ttl: "it was held longer than --ttl. Raise --ttl, or make the command faster.",
  heartbeat:
    "nothing was heard of this process for too long. Was Redis out of reach, or the process suspended?",
};

function exitStatusOf(error: unknown): number {
  if (error instanceof Complaint) return error.exitStatus;
  if (error instanceof AcquireTimeoutError) return error.cause ? UNAVAILABLE : NO_SLOT_IN_TIME;
  if (error instanceof AcquireCancelledError) return NO_SLOT_IN_TIME;
  if (error instanceof BackendUnavailableError) return UNAVAILABLE;
  if (error instanceof ProtocolError) return REFUSED;
  if (error instanceof HistoryError) return BAD_HISTORY;
  // Of all options, only Redis itself can say so later: the user or the password is wrong.
  if (error instanceof InvalidOptionError && error.option === "redis") return REFUSED;
  if (error instanceof InvalidOptionError || error instanceof ValueMismatchError) {
    return WRONG_USAGE;
  }
  return INTERNAL_ERROR;
}

/** Commander has shown what was asked for (help, version), or says what is wrong in one line or two. */
function endOfUsage({ code, exitCode, message }: CommanderError): End {
  if (exitCode === 0) return { status: 0 };
  if (code === "commander.help") return { status: WRONG_USAGE };
  const line = message.replace(/^error: (command-argument value )?/, "").replace(/\s*\n\s*/g, " ");
  return { status: WRONG_USAGE, message: line };
}
