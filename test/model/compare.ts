/** Tries stories for a while; a failure tells the shortest one that was found, and how to see it again. */

import fc from "fast-check";
import { describeEvent, duration } from "../../src/core/describe.js";
import type { Event } from "../../src/core/event.js";
import { BEGIN_MS } from "./words.js";

/** For so long stories are tried, unless `MODEL_MS` says otherwise. */
export const SEARCH_MS = Number(process.env.MODEL_MS ?? 10_000);

export interface Budget {
  /** For so long stories are tried. */
  readonly searchMs: number;
  /** For so long a shorter one is looked for, once one has failed. */
  readonly shrinkMs: number;
}

/** How often it held. @throws what the shortest story says that was found */
export async function holdsFor<T>(
  { searchMs, shrinkMs }: Budget,
  arbitrary: fc.Arbitrary<T>,
  check: (value: T) => Promise<void>,
): Promise<number> {
  const property = fc.asyncProperty(arbitrary, check);
  const limited = (ms: number) => ({ numRuns: 1_000_000, interruptAfterTimeLimit: ms });
  const first = await fc.check(property, { ...limited(searchMs), endOnFailure: true });
  if (!first.failed) return first.numRuns;
  const { seed, counterexamplePath } = first;
  const path = counterexamplePath ?? "";
  const again = await fc.check(property, { ...limited(shrinkMs), seed, path });
  // One that comes and goes is one as well.
  const { errorInstance: cause, counterexamplePath: shortest } = again.failed ? again : first;
  const what = cause instanceof Error ? cause.message : String(cause);
  const rest = { seed, path: shortest };
  throw new Error(`${what}\n\nAgain with fast-check: ${JSON.stringify(rest)}`, { cause });
}

/** What is said where two lists begin to differ; `undefined` if they don't. */
export function difference(
  what: string,
  memory: readonly string[],
  redis: readonly string[],
): string | undefined {
  const index = memory.findIndex((line, place) => line !== redis[place]);
  const place = index < 0 ? memory.length : index;
  if (index < 0 && redis.length <= memory.length) return undefined;
  const [here, there] = [memory[place] ?? "nothing", redis[place] ?? "nothing"];
  return `${what} differ at number ${place + 1}:\n  memory: ${here}\n  Redis:  ${there}`;
}

/** Its time, a line to read, and the JSON that is compared. */
export function legible(text: string): string {
  const event: Event = JSON.parse(text);
  return `at ${duration(event.at - BEGIN_MS)}: ${describeEvent(event)}   ${text}`;
}
