/** What `slotstream replay --against` has found, in words. */

import type { Comparison } from "../../index.js";
import { printable } from "../table.js";

export function describeComparison({ same, difference }: Comparison): string {
  if (difference === undefined) {
    const events = same === 1 ? "the one event as it was" : `all ${same} events as they were`;
    return `no difference: this version decides ${events}.\n`;
  }
  const { seq, command = "nothing", expected = "nothing", actual = "nothing" } = difference;
  return [
    `event ${seq} is another one today; those before it are the same:`,
    `  after:    ${printable(command)}`,
    `  recorded: ${printable(expected)}`,
    `  today:    ${printable(actual)}`,
    "",
  ].join("\n");
}
