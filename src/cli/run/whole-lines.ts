/**
 * Passes output on in whole lines, so that those of several commands never mix within a line. Bytes
 * stay as they are, except that a last line without an end gets one.
 */

import type { Readable } from "node:stream";

/** What is longer than this, such as a progress display without line ends, is passed on in parts. */
const LONGEST_LINE_BYTES = 16 * 1024 * 1024;

const NEWLINE = Buffer.from("\n");

/** Resolves with `false` if nobody reads it any more. */
export type Write = (bytes: Buffer) => Promise<boolean>;

/** Resolves when the output has ended, or nobody reads it any more. */
export async function passOnLines(output: Readable | null, write: Write): Promise<void> {
  if (output === null) return;
  let unfinished: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of output) {
      const bytes: Buffer = chunk;
      const end = bytes.lastIndexOf(10) + 1;
      length += bytes.length;
      if (end === 0 && length < LONGEST_LINE_BYTES) {
        unfinished.push(bytes);
        continue;
      }
      const cut = end || bytes.length;
      // Leaving the loop closes the pipe.
      if (!(await write(Buffer.concat([...unfinished, bytes.subarray(0, cut)])))) return;
      unfinished = cut < bytes.length ? [bytes.subarray(cut)] : [];
      length = bytes.length - cut;
    }
  } catch {
    // Closed before its end, after the command was told to end.
  }
  if (length > 0) await write(Buffer.concat([...unfinished, NEWLINE]));
}
