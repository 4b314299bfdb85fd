/** Reads a hash of any size. */

import type { Life } from "./life.js";
import type { ReadRecord } from "./records.js";
import { listOf, textOf, textsOf } from "./replies.js";

/** The field that keeps a hash alive that has no records. */
export const SENTINEL = "";
/** Fields a page. */
const PAGE = 1_000;

/**
 * What is made of the fields of a hash, which may be missing. Page by page, so that neither the server nor this
 * process is busy for long.
 */
export async function scan<T>(
  life: Life,
  key: string,
  read: ReadRecord<T>,
  match = "*",
): Promise<Map<string, T>> {
  const fields = new Map<string, T>();
  let cursor = "0";
  do {
    const page = await life.call("HSCAN", [key, cursor, "MATCH", match, "COUNT", PAGE]);
    const [next, flat] = listOf(page);
    const texts = textsOf(flat);
    for (let i = 0; i + 1 < texts.length; i += 2) {
      const field = texts[i] ?? "";
      if (field !== SENTINEL) fields.set(field, read(field, texts[i + 1] ?? "", key));
    }
    cursor = textOf(next);
  } while (cursor !== "0");
  return fields;
}
