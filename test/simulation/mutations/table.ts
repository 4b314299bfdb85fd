/** The table of the mutations in docs/guides/simulation.md. */

import type { Find } from "./hunt.js";
import type { Mutation } from "./mutation.js";

const HEAD = "| mutation | what is wrong | seed | invariant |\n|---|---|---|---|";

export function tableOf(mutations: readonly Mutation[], finds: ReadonlyMap<string, Find>): string {
  const rows = mutations.map(({ name, wrong }) => {
    const { seed, invariant } = finds.get(name) ?? {};
    return `| \`${name}\` | ${wrong} | ${seed ?? "-"} | ${invariant ?? "-"} |`;
  });
  return [HEAD, ...rows].join("\n");
}

/** Nothing if there is none. */
export function tableIn(guide: string): string {
  const begin = guide.indexOf(HEAD);
  if (begin < 0) return "";
  const end = guide.indexOf("\n\n", begin);
  return guide.slice(begin, end < 0 ? undefined : end).trimEnd();
}

export function withTable(guide: string, table: string): string {
  const before = tableIn(guide);
  if (before === "") throw new Error(`the guide has no table to replace. It begins with:\n${HEAD}`);
  return guide.replace(before, () => table);
}

/** Names and sentences alone. */
export function withoutSeeds(table: string): string {
  return table.replaceAll(/ (?:\d+|-) \| (?:\d+|-) \|$/gm, "");
}

/** The seed that found it, as the table says. */
export function seedIn(table: string, name: string): number | undefined {
  const row = table.split("\n").find((line) => line.startsWith(`| \`${name}\` |`));
  const seed = Number(row?.split("|").at(-3));
  return seed > 0 ? seed : undefined;
}
