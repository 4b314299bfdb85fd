/** Runs the compiled simulator, which may have a mistake in it, from the first seed on, until a world fails. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { MAIN } from "../compile.js";

export interface Find {
  readonly seed: number;
  /** `undefined` if it failed in a way that no invariant tells. */
  readonly invariant: number | undefined;
  /** The beginning of the report. */
  readonly message: string;
}

const FAILURE = /^seed (\d+): (?:InvariantError: )?(?:invariant (\d+): )?.*$/m;

/**
 * `undefined` if no world fails.
 *
 * @param known the seed that found it last, which is tried first
 */
export async function hunt(
  folder: string,
  seeds: number,
  known?: number,
): Promise<Find | undefined> {
  return (known && (await huntIn(folder, known, 1))) || huntIn(folder, 1, seeds);
}

async function huntIn(folder: string, first: number, seeds: number): Promise<Find | undefined> {
  const range = ["--seed", `${first}`, "--seeds", `${seeds}`];
  const args = [join(folder, MAIN), ...range, "--shards", "1", "--json"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [summary, report] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const failed = failedOf(summary);
  if (failed === undefined) throw new Error(`the simulator came to no end: ${report}`);
  const [seed] = failed;
  if (seed === undefined) return undefined;
  const [message = report, , invariant] = FAILURE.exec(report) ?? [];
  return { seed, invariant: invariant === undefined ? undefined : Number(invariant), message };
}

/** The seeds that failed, unless it broke off. */
function failedOf(summary: string): readonly number[] | undefined {
  if (summary === "") return undefined;
  const { failed }: { readonly failed: readonly number[] } = JSON.parse(summary);
  return failed;
}
