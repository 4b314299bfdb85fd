/**
 * What the exit status of `slotstream` says, and why it is that number: a script can tell the
 * command's own failure from ours. Values of others are kept: those of the shell, xargs, sysexits.h.
 */

import { constants } from "node:os";

/** Wrong usage (EX_USAGE of sysexits.h). Nothing was done. */
export const WRONG_USAGE = 64;

/** Standard input could not be read (EX_NOINPUT of sysexits.h). */
export const UNREADABLE_INPUT = 66;

/** A mistake in slotstream itself (EX_SOFTWARE of sysexits.h). */
export const INTERNAL_ERROR = 70;

/** No slot came free in time; to try again later may help (EX_TEMPFAIL of sysexits.h). */
export const NO_SLOT_IN_TIME = 75;

/** With `--each`: some commands failed (the same as of xargs). */
export const SOME_FAILED = 123;

/** The command is there but cannot be run (the same as of the shell, env, xargs, timeout). */
export const NOT_EXECUTABLE = 126;

/** There is no such command (the same as of the shell, env, xargs, timeout). */
export const NOT_FOUND = 127;

/** Ended by a signal: 128 and its number, as the shell reports it. */
export function statusOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
