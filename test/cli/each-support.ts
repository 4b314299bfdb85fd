/** What the tests of `slotstream run --each` are written in. */

import { occupied, type RunOptions, slotstream } from "./support.js";

export const each = (value: number, ...args: string[]) => [
  ...["run", "--name", "jobs", "--value", String(value), "--each", ...args],
];

/** Runs this shell script for each line, which is its $1. */
export const sh = (script: string) => ["--", "sh", "-c", script, "sh"];

export const run = (input: string, args: string[], options: RunOptions = {}) =>
  slotstream(args, { ...options, input });

export const sorted = (text: string) => text.split("\n").filter(Boolean).sort();

/** To be loaded first: somebody holds the only slot, and two lines at most wait for it. */
export const OCCUPIED = occupied("jobs", 2);
