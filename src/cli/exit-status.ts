/**
 * What the exit status of `slotstream` says, and why it is that number: a script can tell the
 * command's own failure from ours. Values of others are kept: those of the shell, xargs, sysexits.h.
 */

import { constants } from "node:os";

/** What was named is not in use: no such semaphore, no such acquisition (as grep says "nothing found"). */
export const NOT_IN_USE = 1;

/** Not as it should be: a history is damaged, or today's code decides otherwise (as diff says "they differ"). */
export const DIFFERENT = 1;

/** Wrong usage (EX_USAGE of sysexits.h). Nothing was done. */
export const WRONG_USAGE = 64;

/** A history is damaged, is none, or is not kept as far back as it was asked for (EX_DATAERR of sysexits.h). */
export const BAD_HISTORY = 65;

/** Standard input or a file could not be read (EX_NOINPUT of sysexits.h). */
export const UNREADABLE_INPUT = 66;

/** Redis, or who decides there, cannot be reached; to try again later may help (EX_UNAVAILABLE of sysexits.h). */
export const UNAVAILABLE = 69;

/** A mistake in slotstream itself (EX_SOFTWARE of sysexits.h). */
export const INTERNAL_ERROR = 70;

/** A file, or standard output, cannot be written, or is there already (EX_CANTCREAT of sysexits.h). */
export const CANNOT_CREATE = 73;

/** No slot came free in time; to try again later may help (EX_TEMPFAIL of sysexits.h). */
export const NO_SLOT_IN_TIME = 75;

/** Redis will not do as it is: password, permission, version, data; somebody must see to it (EX_CONFIG of sysexits.h). */
export const REFUSED = 78;

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
