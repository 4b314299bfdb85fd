/** Reads the stream of the history page by page, so that neither the server nor this process is busy for long. */

import type { Connections } from "./connections.js";
import { listOf, textOf, textsOf } from "./replies.js";

/** Entries a page. */
const PAGE = 100;

/** An entry of the stream: its id, and its fields by name. */
export interface StreamEntry {
  readonly id: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** Up to the end, as that is when it is read; the last page has fewer entries than fit, or none. */
export async function* pagesOf(
  connections: Connections,
  key: string,
  { from, reverse = false }: { readonly from?: string; readonly reverse?: boolean } = {},
): AsyncGenerator<StreamEntry[], void, undefined> {
  const [command, end] = reverse ? ["XREVRANGE", "-"] : ["XRANGE", "+"];
  for (let next = from ?? (reverse ? "+" : "-"); ; ) {
    const page = await readPage(connections, command, [key, next, end, "COUNT", PAGE]);
    yield page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    next = after(last.id);
  }
}

/** The last entry that stands there or before. */
export async function lastUpTo(
  connections: Connections,
  key: string,
  id: string,
): Promise<StreamEntry | undefined> {
  const [last] = await readPage(connections, "XREVRANGE", [key, id, "-", "COUNT", 1]);
  return last;
}

/** Where reading goes on behind this entry. */
export function after(id: string): string {
  return `(${id}`;
}

async function readPage(
  connections: Connections,
  command: string,
  args: (string | number)[],
): Promise<StreamEntry[]> {
  const reply = await connections.ask((life) => life.call(command, args));
  return listOf(reply).map((entry) => {
    const [id, flat] = listOf(entry);
    return { id: textOf(id), fields: fieldsOf(textsOf(flat)) };
  });
}

function fieldsOf(flat: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(flat[i] ?? "", flat[i + 1] ?? "");
  return fields;
}
