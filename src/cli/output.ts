/**
 * Writes to standard output and standard error at once, past Node's streams: a command that we run may
 * share the descriptors, and a reader that has gone is no reason for a stack trace.
 */

import { writeSync } from "node:fs";
import { Interrupted } from "./complaint.js";

/** What was asked for, on standard output. @throws Interrupted if nobody reads it. */
export function print(text: string): void {
  try {
    writeSync(1, text);
  } catch {
    throw new Interrupted("SIGPIPE");
  }
}

/** One line on standard error; lost if nobody reads it. */
export function say(message: string): void {
  try {
    writeSync(2, `slotstream: ${message}\n`);
  } catch {
    // There is nobody to tell.
  }
}
