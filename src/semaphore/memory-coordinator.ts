/** Composes memory mode: which log a coordinator stands on. */

import { InvalidOptionError } from "../errors.js";
import { LocalLog } from "../memory/local-log.js";
import { DEFAULT_RETENTION, processLog } from "../memory/process-log.js";
import { systemClock } from "../memory/system-clock.js";
import type { TimedLog } from "../memory/threads/reception.js";
import { Coordinator } from "./coordinator.js";
import { makeId } from "./make-id.js";
import { checkKeys } from "./options.js";
import { checkRetention, type HistoryRetention } from "./retention.js";

export interface MemoryCoordinatorOptions {
  /**
   * `shared` (default): semaphores of the same name share their slots in the whole process, worker threads
   * included. `isolated`: this coordinator has slots and history of its own.
   */
  readonly threads?: "shared" | "isolated" | undefined;
  /** How much of its history an isolated coordinator keeps: so many of the newest events, or events and age. Default: 10,000. */
  readonly historyRetention?: number | HistoryRetention | undefined;
}

/**
 * What the in-memory semaphores of a process share. One is made on demand; pass your own for tests, or to
 * give back all that was acquired through it at once: `await using coordinator = new MemoryCoordinator()`.
 */
export class MemoryCoordinator extends Coordinator {
  /** @throws InvalidOptionError */
  constructor(options: MemoryCoordinatorOptions = {}) {
    checkKeys(options, ["threads", "historyRetention"]);
    const { log, clock } = logFor(options);
    super({ log, views: log, history: log, clock, ids: makeId });
  }
}

function logFor({ threads = "shared", historyRetention }: MemoryCoordinatorOptions): TimedLog {
  if (threads !== "shared" && threads !== "isolated") {
    throw new InvalidOptionError("threads", 'threads must be "shared" or "isolated".');
  }
  if (threads === "isolated") {
    const retention = checkRetention(historyRetention, DEFAULT_RETENTION.events, 0);
    return { log: new LocalLog(systemClock, retention), clock: systemClock };
  }
  if (historyRetention === undefined) return processLog();
  throw new InvalidOptionError(
    "historyRetention",
    'historyRetention belongs to a coordinator of its own. Set threads: "isolated" as well.',
  );
}
