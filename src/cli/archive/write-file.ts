/**
 * A file that is there whole, or not at all: it is written under another name beside it, and gets its own when it is
 * complete. By the end of its name, gzip makes it smaller.
 */

import { createWriteStream } from "node:fs";
import { access, link, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { Complaint } from "../complaint.js";
import { CANNOT_CREATE } from "../exit-status.js";
import { isGzip } from "./read-lines.js";

export interface WriteOptions {
  /** Takes the place of a file of this name. */
  readonly force: boolean;
  /** Ends it; nothing is left. */
  readonly signal: AbortSignal;
}

/** @throws Complaint if the file cannot be written; whatever the texts reject with; an `AbortError`. */
export async function writeFile(
  file: string,
  texts: AsyncIterable<string>,
  { force, signal }: WriteOptions,
): Promise<void> {
  await checkPlace(file, force);
  const partial = join(dirname(file), `.${basename(file)}.${process.pid}.partial`);
  const output = createWriteStream(partial, { flags: "wx" });
  try {
    await opened(output, file);
    const packed = isGzip(file) ? [createGzip()] : [];
    const stages = [Readable.from(pagesOf(texts)), ...packed, output];
    await pipeline(stages, { signal }).catch((error) => {
      throw isOfSystem(error) ? cannotWrite(file, error) : error;
    });
    await toDisk(partial);
    await name(partial, file, force);
  } finally {
    output.destroy();
    await rm(partial, { force: true });
  }
}

/** What is no file cannot be replaced: nobody means to have a file instead of `/dev/null`. */
async function checkPlace(file: string, force: boolean): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isFile()) throw noFile(file);
  if (!force) throw alreadyThere(file);
}

/** So much is handed on at once. */
const PAGE_CHARACTERS = 1 << 16;

async function* pagesOf(texts: AsyncIterable<string>): AsyncGenerator<Buffer, void, undefined> {
  let page = "";
  for await (const text of texts) {
    page += text;
    if (page.length < PAGE_CHARACTERS) continue;
    yield Buffer.from(page);
    page = "";
  }
  yield Buffer.from(page);
}

function opened(output: NodeJS.EventEmitter, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.once("open", () => resolve());
    output.once("error", (error) => reject(cannotWrite(file, error)));
  });
}

async function toDisk(file: string): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A link is made only where there is nothing; some file systems have none. */
async function name(partial: string, file: string, force: boolean): Promise<void> {
  try {
    if (!force) return await link(partial, file);
  } catch (error) {
    if (codeOf(error) === "EEXIST" || (await exists(file))) throw alreadyThere(file);
  }
  try {
    await rename(partial, file);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}

function alreadyThere(file: string): Complaint {
  return new Complaint(
    CANNOT_CREATE,
    `${file} is there already, and stays as it is. Choose another name, or replace it with --force.`,
  );
}

function noFile(file: string): Complaint {
  return new Complaint(
    CANNOT_CREATE,
    `${file} is there, and is no file: it stays as it is. Choose another name; or name none, and redirect standard output there.`,
  );
}

function cannotWrite(file: string, cause: unknown): Complaint {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const why = codeOf(cause) === "ENOENT" ? "there is no such folder" : `the system says: ${reason}`;
  return new Complaint(CANNOT_CREATE, `cannot write ${file}: ${why}.`, { cause });
}

/** A full disk, and the like. */
function isOfSystem(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && "errno" in error;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
