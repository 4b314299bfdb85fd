/** The semaphore of one process: no server, same machine, same core as on Redis. */

import type { SemaphoreStats } from "../core/views.js";
import { InvalidOptionError } from "../errors.js";
import { type AcquiredStatsQuery, Coordinator } from "./coordinator.js";
import { MemoryCoordinator } from "./memory-coordinator.js";
import type { SemaphoreOptions } from "./options.js";
import { Semaphore } from "./semaphore.js";

export interface MemorySemaphoreOptions extends SemaphoreOptions {
  /** Default: one that all in-memory semaphores of the process share. */
  readonly coordinator?: Coordinator | undefined;
}

/**
 * At most `value` at a time, within this process and its worker threads. Objects with the same name share
 * their slots.
 *
 * @example
 * const semaphore = new MemorySemaphore({ name: "external-api", value: 10 });
 * await semaphore.use(async (slot) => callApi(slot.signal));
 */
export class MemorySemaphore extends Semaphore {
  /** @throws InvalidOptionError */
  constructor(options: MemorySemaphoreOptions) {
    super(coordinatorOf(options), options);
  }

  /** How full the in-memory semaphores of this process are, the highest percentage first. */
  static getAcquiredStats(query?: AcquiredStatsQuery): Promise<Map<string, SemaphoreStats>> {
    return sharedCoordinator().stats(query);
  }
}

function coordinatorOf(options: MemorySemaphoreOptions | undefined): Coordinator {
  const coordinator = options?.coordinator ?? sharedCoordinator();
  if (coordinator instanceof Coordinator) return coordinator;
  throw new InvalidOptionError(
    "coordinator",
    "coordinator must be a MemoryCoordinator or a TestCoordinator. Leave it out to share one.",
  );
}

let shared: MemoryCoordinator | undefined;

function sharedCoordinator(): MemoryCoordinator {
  if (shared === undefined || shared.session.closing) shared = new MemoryCoordinator();
  return shared;
}
