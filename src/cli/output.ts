/**
 * Writes to standard output and standard error at once, past Node's streams: a command that we run may
 * share the descriptors, and a reader that has gone is no reason for a stack trace.
 */

import { writeSync } from "node:fs";
import { Complaint, Interrupted } from "./complaint.js";
import { CANNOT_CREATE } from "./exit-status.js";

/** How long to wait before a full pipe is tried again. */
const PIPE_IS_FULL_MS = 5;

/** What was asked for, on standard output. @throws Interrupted if nobody reads it; Complaint if it cannot be written. */
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
    if (isCode(error, "EPIPE")) throw new Interrupted("SIGPIPE");
    if (!isCode(error, "EAGAIN")) throw cannotWrite(error);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PIPE_IS_FULL_MS);
    return 0;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** A full disk, for one: what is there of a file is not whole. */
function cannotWrite(cause: unknown): Complaint {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `cannot write to standard output: the system says: ${reason}. What was written is not whole.`;
  return new Complaint(CANNOT_CREATE, message, { cause });
}

/** So much is written at once, where there is much. */
const PAGE_CHARACTERS = 1 << 16;

/** What comes piece by piece, in pages. What came before a failure is written as well. Returns how many pieces there were. */
export async function printAll(texts: AsyncIterable<string>): Promise<number> {
  let page = "";
  let count = 0;
  try {
    for await (const text of texts) {
      count++;
      page += text;
      if (page.length < PAGE_CHARACTERS) continue;
      const full = page;
      page = "";
      print(full);
    }
  } finally {
    print(page);
  }
  return count;
}
