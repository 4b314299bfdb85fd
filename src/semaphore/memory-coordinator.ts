/** Composes memory mode: which log a coordinator stands on. */

import { nanoid } from "nanoid";
import { InvalidOptionError } from "../errors.js";
import { LocalLog } from "../memory/local-log.js";
import { DEFAULT_RETENTION, processLog } from "../memory/process-log.js";
import { systemClock } from "../memory/system-clock.js";
import type { CommandLog, Views } from "../ports.js";
import { Coordinator } from "./coordinator.js";
import { checkKeys } from "./options.js";

export interface MemoryCoordinatorOptions {
  /**
   * `shared` (default): semaphores of the same name share their slots in the whole process, worker threads
   * included. `isolated`: this coordinator has slots and history of its own.
   */
  readonly threads?: "shared" | "isolated" | undefined;
  /** How many events an isolated coordinator keeps. Default: 10,000. */
  readonly historyRetention?: number | undefined;
}

/**
 * What the in-memory semaphores of a process share. One is made on demand; pass your own for tests, or to
 * give back all that was acquired through it at once: `await using coordinator = new MemoryCoordinator()`.
 */
export class MemoryCoordinator extends Coordinator {
  /** @throws InvalidOptionError */
  constructor(options: MemoryCoordinatorOptions = {}) {
    checkKeys(options, ["threads", "historyRetention"]);
    super({ log: logFor(options), clock: systemClock, ids: () => nanoid(12) });
  }
}

function logFor({
  threads = "shared",
  historyRetention,
}: MemoryCoordinatorOptions): CommandLog & Views {
  if (threads !== "shared" && threads !== "isolated") {
    throw new InvalidOptionError("threads", 'threads must be "shared" or "isolated".');
  }
  if (threads === "isolated") return new LocalLog(systemClock, retention(historyRetention));
  if (historyRetention === undefined) return processLog();
  throw new InvalidOptionError(
    "historyRetention",
    'historyRetention belongs to a coordinator of its own. Set threads: "isolated" as well.',
  );
}

function retention(events: number | undefined): number {
  if (events === undefined) return DEFAULT_RETENTION;
  if (Number.isSafeInteger(events) && events >= 0) return events;
  throw new InvalidOptionError(
    "historyRetention",
    `historyRetention must be a whole number of events, 0 for none, but is ${events}.`,
  );
}
