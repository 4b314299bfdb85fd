/**
 * The versions of the format in which histories are stored and exported, and the one place where what an older one
 * wrote becomes what today's code knows. Whatever was written once stays readable (test/histories).
 *
 * A new version: add what leads to it from the one before to `UPCASTS`, and its histories to test/histories.
 */

/** Makes one thing of a version one of the next. What needs no change, it returns. */
export interface Upcast {
  event(event: unknown): unknown;
  /** Without session and number. */
  command(command: unknown): unknown;
  state(state: unknown): unknown;
}

/** From version 1 to 2, from 2 to 3, and so on. */
const UPCASTS: readonly Upcast[] = [];

/** The version that is written today. */
export const HISTORY_VERSION = UPCASTS.length + 1;

/** Whether this version of slotstream can read that version of the format. */
export function isReadable(version: unknown): version is number {
  return Number.isInteger(version) && Number(version) >= 1 && Number(version) <= HISTORY_VERSION;
}

/** @param version in which it was written */
export function upcast(
  part: keyof Upcast,
  value: unknown,
  version: number = HISTORY_VERSION,
  upcasts: readonly Upcast[] = UPCASTS,
): unknown {
  let current = value;
  for (const step of upcasts.slice(version - 1)) current = step[part](current);
  return current;
}
