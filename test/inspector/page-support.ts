/** Histories for the tests of what the page derives from one: the lines of an export, and the same as entries. */

import { parseEntry } from "../../src/history/line.js";
import { Model } from "../../src/inspector/page/model/model.js";
import type { StoredEntry } from "../../src/ports.js";
import type { Coordinator } from "../../src/semaphore/coordinator.js";
import { Scene } from "./scene.js";

export interface Recorded {
  readonly lines: readonly string[];
  readonly entries: readonly StoredEntry[];
  readonly coordinator: Coordinator;
}

/** What a fleet did in so many seconds of simulated time. */
export async function recorded(
  seconds: number,
  { seed = 7, kept = 200_000 }: { readonly seed?: number; readonly kept?: number } = {},
): Promise<Recorded> {
  const scene = new Scene(Date.UTC(2026, 10, 23, 14), seed, kept);
  await scene.run(seconds * 1_000);
  const lines: string[] = [];
  for await (const line of scene.first.export()) lines.push(line);
  const entries = lines.slice(1).map((line, index) => parseEntry(line, index + 2));
  return { lines, entries, coordinator: scene.first };
}

export function modelOf({ lines }: Recorded, model = new Model(1)): Model {
  for (const line of lines.slice(1)) model.take(line);
  return model;
}

/** Numbers all over the range, back and forth. */
export function moments(from: number, to: number, count: number): number[] {
  return Array.from(
    { length: count },
    (_, index) => from + ((index * 7_919) % Math.max(1, to - from + 1)),
  );
}
