/** The summary of a run, for people. */

import { missedOf } from "../reached.js";
import { type Counts, totalOf } from "../tally.js";
import type { Summary } from "./sum.js";

export function pageOf(summary: Summary): string {
  const { seeds, steps, simulatedMs, faults, checks, reached, hash } = summary;
  const lines = [
    row("seeds", `${number(seeds)}, from ${summary.firstSeed} on`),
    row("steps", `${number(steps)} things happened on the timelines`),
    row("simulated", `${number(simulatedMs / 3_600_000, 1)} hours`),
    row("faults", number(totalOf(faults))),
    ...list(faults),
    row("checks", `${number(totalOf(checks))}, by number of the invariant`),
    ...list(checks),
    row(
      "rare paths",
      `${Object.keys(reached).length - missedOf(reached).length} of ${Object.keys(reached).length} taken`,
    ),
    ...list(reached),
    row("hash", hash),
    row(
      "time",
      `${number(summary.wallMs / 1000, 1)} s, ${number(summary.seedsPerSecond, 1)} seeds/s`,
    ),
    row("failures", summary.failed.length === 0 ? "none" : summary.failed.join(", ")),
  ];
  const { missed } = summary;
  if (missed.length > 0) lines.push("", `No world took these paths: ${missed.join("; ")}.`);
  return lines.join("\n");
}

function row(name: string, text: string): string {
  return `${name.padEnd(12)}${text}`;
}

function list(counts: Counts): string[] {
  return Object.entries(counts).map(([name, times]) => `${number(times).padStart(14)}  ${name}`);
}

function number(value: number, digits = 0): string {
  return value.toLocaleString("en-GB", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
