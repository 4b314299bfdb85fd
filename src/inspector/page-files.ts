/** The built page: a fixed list of files, read once, so that no path that somebody asks for ever reaches the disk. */

import { readdir, readFile } from "node:fs/promises";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Refusal } from "./refusal.js";

export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  /** Its name has a hash of what is in it. */
  readonly isImmutable: boolean;
}

/** The same from `src` and from `dist`. */
const FOLDER = fileURLToPath(new URL("../../dist/inspector/page/", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
};

/** By path, as it is asked for. Files of other types are none of the page's; none at all if it is not built. */
export async function readPage(folder = FOLDER): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = `${entry.parentPath}/${entry.name}`.replaceAll("\\", "/").replaceAll("//", "/");
    const path = `/${file.slice(folder.length)}`;
    const isImmutable = path.startsWith("/assets/");
    files.set(path, { type, body: await readFile(file), isImmutable });
  }
  const index = files.get("/index.html");
  if (index) files.set("/", index);
  files.delete("/index.html");
  return files;
}

export function notBuilt(): Refusal {
  return new Refusal(
    503,
    "PAGE_NOT_BUILT",
    "the page of the inspector is not built. Run npm run build, or install slotstream anew.",
  );
}
