/** Asks `slotstream` within the test's own process: for what ends before anything is done. */

import { vi } from "vitest";
import { type End, endWith } from "../../src/cli/complain.js";
import { createProgram } from "../../src/cli/program.js";

/** How it ends. It must not print anything, for there is no process of its own. */
export async function endOf(args: readonly string[], environment = {}): Promise<End> {
  vi.stubEnv("SLOTSTREAM_REDIS_URL", undefined);
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, String(value));
  try {
    await createProgram().parseAsync(args, { from: "user" });
  } catch (error) {
    return endWith(error);
  } finally {
    vi.unstubAllEnvs();
  }
  throw new Error("it has not ended with an error");
}
