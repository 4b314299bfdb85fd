// @ts-check
// Says what was checked, so that "no violation" means something, and what was found.

import { figure, printTable } from "../table.js";

const MOST_SHOWN = 20;

/** @param {string} directory @param {import("./check.js").Result} result */
export function printReport(directory, { violations, checked }) {
  printTable(
    "checked",
    ["", ""],
    Object.entries(checked).map(([what, count]) => [what, figure(count)]),
  );
  console.log(
    "\nno overlap in a slot, tokens rising, first come first served, every ask answered, every slot came back:",
  );
  console.log(violations.length === 0 ? "no violation" : `${figure(violations.length)} VIOLATIONS`);
  for (const violation of violations.slice(0, MOST_SHOWN)) console.log(`  ${violation}`);
  if (violations.length > MOST_SHOWN) console.log("  …");
  console.log(`records: ${directory}`);
}
