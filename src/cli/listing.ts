/** What `slotstream holders` and `slotstream waiters` have in common: the acquisitions of one semaphore, in a list. */

import type { Views } from "./place.js";
import type { Report } from "./report.js";
import { type Column, table } from "./table.js";

/** What is listed of an acquisition that holds or waits. */
interface Listed {
  readonly id: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export const ID: Column<Listed> = { title: "ID", cell: ({ id }) => id };

/** E.g. `host=web-1 pid=42`: whatever its user has said of it. */
export const METADATA: Column<Listed> = {
  title: "METADATA",
  cell: ({ metadata }) =>
    Object.entries(metadata)
      .map(([key, value]) => `${word(key)}=${word(value)}`)
      .join(" "),
};

/** @param none what to say of a semaphore that is in use and yet has none. */
export async function listing<Row>(
  views: Views,
  name: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  none: string,
): Promise<Report> {
  if (rows.length > 0) return { json: rows, text: table(rows, columns) };
  const known = await views.stats({ names: [name] });
  return {
    json: [],
    text: "",
    ...(known.has(name) ? { note: none } : { missing: notInUse(name) }),
  };
}

export function notInUse(name: string): string {
  return `${JSON.stringify(name)} is not in use. slotstream stats shows what is.`;
}

/** In quotes where it would look like several. */
function word(text: string): string {
  return /^[^\s="]+$/u.test(text) ? text : JSON.stringify(text);
}
