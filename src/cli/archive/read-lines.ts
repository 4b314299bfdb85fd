/** The lines of an export: of a file, of one that gzip has made smaller, or of standard input. */

import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { createGunzip } from "node:zlib";
import { HistoryError } from "../../index.js";
import { Complaint } from "../complaint.js";
import { UNREADABLE_INPUT } from "../exit-status.js";
import { standardInput } from "../run/input.js";

/** In place of a file's name. */
export const STANDARD_INPUT = "-";

/** How a file is called in what people are told. */
export function nameOf(file: string): string {
  return file === STANDARD_INPUT ? "standard input" : file;
}

/**
 * One after the other, without their ends (LF or CRLF); the last one needs none. Empty ones count as well, so that
 * the number of a line is that of the file.
 *
 * @throws Complaint if it cannot be read.
 * @throws HistoryError if it is no whole gzip.
 */
export async function* readLines(file: string): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of chunksOf(file)) {
    const parts = decoder.write(chunk).split("\n");
    parts[0] = rest + parts[0];
    rest = parts.pop() ?? "";
    for (const part of parts) yield withoutReturn(part);
  }
  rest += decoder.end();
  if (rest !== "") yield withoutReturn(rest);
}

async function* chunksOf(file: string): AsyncGenerator<Buffer, void, undefined> {
  try {
    let isFirst = true;
    for await (const chunk of open(file)) {
      if (isFirst && isPacked(chunk)) throw packed(file);
      isFirst = false;
      yield chunk;
    }
  } catch (error) {
    throw failureOf(error, file);
  }
}

function open(file: string): Readable {
  if (file === STANDARD_INPUT) return standardInput();
  const input = createReadStream(file);
  if (!isGzip(file)) return input;
  // Whoever reads hears of a failure.
  return pipeline(input, createGunzip(), () => {});
}

/** By the end of its name, for reading and for writing. */
export function isGzip(file: string): boolean {
  return file.endsWith(".gz");
}

/** What gzip writes begins so, and no text does. */
function isPacked(chunk: Buffer): boolean {
  return chunk[0] === 0x1f && chunk[1] === 0x8b;
}

function packed(file: string): Complaint {
  return new Complaint(
    UNREADABLE_INPUT,
    `cannot read ${nameOf(file)}: gzip has packed it. Pipe it through gunzip, or let its name end with .gz.`,
  );
}

function failureOf(error: unknown, file: string): Error {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const reason = error instanceof Error ? error.message : String(error);
  if (code.startsWith("Z_")) {
    return new HistoryError(
      `what gzip has packed is damaged there, or not whole (${reason})`,
      "Export the history anew, or go back to a copy.",
    );
  }
  if (error instanceof Complaint) return error;
  const why = REASONS.get(code) ?? `the system says: ${reason}.`;
  return new Complaint(UNREADABLE_INPUT, `cannot read ${nameOf(file)}: ${why}`, { cause: error });
}

const REASONS = new Map([
  ["ENOENT", "there is no such file. Is the path right?"],
  ["EISDIR", "it is a directory. Name a file in it."],
  ["EACCES", "this user may not read it."],
]);

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
