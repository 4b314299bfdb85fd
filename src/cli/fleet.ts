/** The way to a fleet on Redis: connects, asks, tells what came of it, and leaves. */

import { type Coordinator, InvalidOptionError, type Logger, RedisCoordinator } from "../index.js";
import { Complaint } from "./complaint.js";
import { WRONG_USAGE } from "./exit-status.js";
import type { RedisFlags, ReportFlags } from "./flags.js";
import { say } from "./output.js";
import { type Report, tell } from "./report.js";

/**
 * Resolves with the exit status.
 *
 * @param role `external` for a mere look; a change needs somebody who decides, and `embedded` decides
 *   where nobody else does.
 */
export async function askFleet(
  flags: ReportFlags,
  role: "embedded" | "external",
  ask: (coordinator: Coordinator) => Promise<Report>,
): Promise<number> {
  const coordinator = connect(flags, role);
  try {
    // A command that cannot be sent would still have to be taken back.
    if (role === "embedded") await reach(coordinator);
    return tell(await ask(coordinator), flags.json === true);
  } finally {
    await coordinator.close();
  }
}

/** Rejects if Redis cannot be reached, or will not do. */
export async function reach(coordinator: Coordinator): Promise<void> {
  await coordinator.stats({ names: [] });
}

/** @throws Complaint if there is no URL, or it cannot be one. */
export function connect(
  flags: RedisFlags,
  reconciler: "embedded" | "external",
  logger: Logger = WARNINGS,
): RedisCoordinator {
  return withConfig(flags, (config) => new RedisCoordinator({ ...config, reconciler, logger }));
}

/** @throws Complaint if there is no URL, or it cannot be one. */
export function withConfig<T>(
  { redis, namespace }: RedisFlags,
  make: (config: { url: string; namespace: string | undefined }) => T,
): T {
  if (!redis) throw new Complaint(WRONG_USAGE, NO_REDIS);
  try {
    return make({ url: redis, namespace });
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error;
    throw new Complaint(WRONG_USAGE, error.message, { cause: error });
  }
}

const NO_REDIS =
  "which Redis? Name it: --redis redis://host:6379, or in SLOTSTREAM_REDIS_URL. " +
  "Without Redis, slots live in the memory of one process, and only that process can tell.";

/** Tells what is wrong with Redis's settings. Who leads is of no interest, and what fails is told where it is asked. */
const WARNINGS = loggerOf(() => {});

/** @param onFailure why this process cannot lead, and so most likely cannot reach Redis. */
export function loggerOf(onFailure: (error: unknown) => void): Logger {
  const warn = (details: object, message: string) => {
    if ("err" in details) onFailure(details.err);
    else if (!("epoch" in details)) say(message);
  };
  return { debug: () => {}, info: () => {}, warn, error: warn };
}
