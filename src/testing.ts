/**
 * For tests of code that uses slotstream: a coordinator on a simulated clock. Nothing waits for real
 * time; TTLs and timeouts fall due when the test says so. Exported as `slotstream/testing`.
 */

import { LocalLog } from "./memory/local-log.js";
import { DEFAULT_RETENTION } from "./memory/process-log.js";
import { SimulatedClock } from "./memory/simulated-clock.js";
import { Coordinator } from "./semaphore/coordinator.js";
import { checkKeys, checkWhole } from "./semaphore/options.js";
import { checkRetention, type HistoryRetention } from "./semaphore/retention.js";

export { SimulatedClock } from "./memory/simulated-clock.js";

export interface TestCoordinatorOptions {
  /** What the clock shows at first, in milliseconds since the epoch. Default: 0. */
  readonly startAt?: number | undefined;
  /** How much of the history is kept: so many of the newest events, or events and age. Default: 10,000. */
  readonly historyRetention?: number | HistoryRetention | undefined;
}

/**
 * A memory coordinator with slots, history and time of its own; its ids are the same in every run.
 *
 * @example
 * const coordinator = new TestCoordinator();
 * const slot = await coordinator.semaphore({ name: "api", value: 1, ttlMs: 1_000 }).acquire();
 * coordinator.clock.advance(1_000);
 * slot.signal.aborted; // true
 */
export class TestCoordinator extends Coordinator {
  readonly clock: SimulatedClock;

  /** @throws InvalidOptionError */
  constructor(options: TestCoordinatorOptions = {}) {
    checkKeys(options, ["startAt", "historyRetention"]);
    const clock = new SimulatedClock(checkWhole("startAt", options.startAt ?? 0));
    const retention = checkRetention(options.historyRetention, DEFAULT_RETENTION.events, 0);
    let made = 0;
    const log = new LocalLog(clock, retention);
    super({ log, views: log, history: log, clock, ids: () => `test${++made}` });
    this.clock = clock;
  }
}
