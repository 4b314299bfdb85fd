/**
 * Writes to standard output and standard error at once, past Node's streams: a command that we run may
 * share the descriptors, and a reader that has gone is no reason for a stack trace.
 */

import { writeSync } from "node:fs";
import { Interrupted } from "./complaint.js";

/** How long to wait before a full pipe is tried again. */
const PIPE_IS_FULL_MS = 5;

/** What was asked for, on standard output. @throws Interrupted if nobody reads it. */
export function print(text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length; ) written += writeSome(bytes, written);
}

/** One line on standard error; lost if nobody reads it. */
export function say(message: string): void {
  try {
    writeSync(2, `slotstream: ${message}\n`);
  } catch {
    // There is nobody to tell.
  }
}

/** A descriptor that others have made non-blocking may take a part, or nothing for now. */
function writeSome(bytes: Buffer, from: number): number {
  try {
    return writeSync(1, bytes, from);
  } catch (error) {
    if (!isFull(error)) throw new Interrupted("SIGPIPE");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PIPE_IS_FULL_MS);
    return 0;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EAGAIN";
}
