/** What stands at the other end of a worker's line keeps the contract as well. */

import { nanoid } from "nanoid";
import { LocalLog } from "../../src/memory/local-log.js";
import { DEFAULT_RETENTION } from "../../src/memory/process-log.js";
import { systemClock } from "../../src/memory/system-clock.js";
import { Host } from "../../src/memory/threads/host.js";
import type { Greet } from "../../src/memory/threads/line.js";
import { monotonicMs, RemoteClock } from "../../src/memory/threads/remote-clock.js";
import { RemoteLog } from "../../src/memory/threads/remote-log.js";
import type { Clock } from "../../src/ports.js";
import { Coordinator } from "../../src/semaphore/coordinator.js";
import { contract } from "../contract/semaphore.js";
import { MortalClock } from "../support/memory-clocks.js";

const shared = new LocalLog(systemClock, DEFAULT_RETENTION);

const greet: Greet = async (_hello, port) => {
  new Host(port, shared, { now: systemClock.now(), monotonicMs: monotonicMs() });
};

/** @param own what lets its alarms ring */
function coordinatorOn(own: Clock): Coordinator {
  const clock = new RemoteClock(own, monotonicMs);
  const log = new RemoteLog(greet, clock);
  return new Coordinator({ log, views: log, history: log, clock, ids: () => nanoid(12) });
}

contract({
  name: "memory, from a worker, real time",
  createCoordinator: () => coordinatorOn(systemClock),
  createMortal: () => {
    const clock = new MortalClock(systemClock);
    return { coordinator: coordinatorOn(clock), die: () => clock.end() };
  },
});
