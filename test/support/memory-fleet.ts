/**
 * Several coordinators over one log: what the processes of a fleet are to Redis, deterministic and
 * without waiting.
 */

import { LocalLog } from "../../src/memory/local-log.js";
import type { Clock } from "../../src/ports.js";
import { Coordinator } from "../../src/semaphore/coordinator.js";
import { SimulatedClock } from "../../src/testing.js";

export class Fleet<C extends Clock = SimulatedClock> {
  private readonly log: LocalLog;
  private made = 0;

  private constructor(readonly clock: C) {
    this.log = new LocalLog(clock, { events: 1_000_000, ageMs: Infinity });
  }

  static simulated(): Fleet {
    return new Fleet(new SimulatedClock());
  }

  static on<C extends Clock>(clock: C): Fleet<C> {
    return new Fleet(clock);
  }

  /** A coordinator with a session of its own; on a clock of its own, where that shall go otherwise. */
  coordinator(clock: Clock = this.clock): Coordinator {
    const who = ++this.made;
    let ids = 0;
    const { log } = this;
    return new Coordinator({
      log,
      views: log,
      history: log,
      clock,
      ids: () => `member${who}x${++ids}`,
    });
  }
}
