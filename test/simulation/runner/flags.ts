/** What `npm run sim` is asked for. */

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

export const USAGE = `npm run sim -- [--seed N] [--seeds N] [--steps N] [--shards K] [--all] [--trace] [--lines N] [--json]

  --seed N    the first seed; alone: this one world (default: 1)
  --seeds N   how many worlds (default: 1,000)
  --steps N   the faults of a world go on until N things have happened (default: until its users have done 120)
  --shards K  how many processes share the work (default: one a core)
  --all       go on after a failure
  --trace     print all that happens
  --lines N   how many lines of what happened to print for a failure (default: 40)
  --json      print the summary as JSON
  --mutation NAME  build a deliberate mistake in, to see it found; "list" names all`;

export interface Flags {
  readonly seed: number;
  readonly seeds: number;
  readonly steps: number | undefined;
  readonly shards: number;
  readonly lines: number | undefined;
  readonly all: boolean;
  readonly trace: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** What was asked for makes no sense; the message is for who asked. */
export class UsageError extends Error {}

const SEEDS = 1000;
/** Seeds are numbers of 32 bits: greater ones would make the worlds of smaller ones. */
const LAST_SEED = 2 ** 32 - 1;

/** @throws UsageError */
export function flagsOf(args: readonly string[]): Flags {
  const values = parsed(args);
  const seed = numberOf("seed", values.seed) ?? 1;
  const seeds = numberOf("seeds", values.seeds) ?? (values.seed === undefined ? SEEDS : 1);
  const shards = numberOf("shards", values.shards);
  const { trace = false, json = false, all = false, help = false } = values;
  if (seed + seeds - 1 > LAST_SEED) throw new UsageError(`the last seed is ${LAST_SEED}.`);
  if (trace && json) throw new UsageError("--trace and --json both want the whole output.");
  if (trace && shards !== undefined && shards > 1) {
    throw new UsageError("--trace needs one shard: the lines of several would mix.");
  }
  return {
    ...{ seed, seeds, all, trace, json, help },
    steps: numberOf("steps", values.steps),
    lines: numberOf("lines", values.lines),
    shards: Math.min(seeds, trace ? 1 : (shards ?? availableParallelism())),
  };
}

function parsed(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: "string" },
        seeds: { type: "string" },
        steps: { type: "string" },
        shards: { type: "string" },
        lines: { type: "string" },
        all: { type: "boolean" },
        trace: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
    return values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split(". ")[0]?.replace(/\.?$/, "."));
  }
}

function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && Number.isSafeInteger(number)) return number;
  throw new UsageError(`--${name} must be a whole number from 1 on, not "${text}".`);
}
