/** What stands at the other end of a worker's line keeps the contract as well. */

import { nanoid } from "nanoid";
import { LocalLog } from "../../src/memory/local-log.js";
import { systemClock } from "../../src/memory/system-clock.js";
import { Host } from "../../src/memory/threads/host.js";
import type { Greet } from "../../src/memory/threads/line.js";
import { monotonicMs, RemoteClock } from "../../src/memory/threads/remote-clock.js";
import { RemoteLog } from "../../src/memory/threads/remote-log.js";
import { Coordinator } from "../../src/semaphore/coordinator.js";
import { contract } from "../contract/semaphore.js";

const shared = new LocalLog(systemClock, 10_000);

const greet: Greet = async (_hello, port) => {
  new Host(port, shared, { now: systemClock.now(), monotonicMs: monotonicMs() });
};

contract({
  name: "memory, from a worker, real time",
  createCoordinator: () => {
    const clock = new RemoteClock(systemClock, monotonicMs);
    const log = new RemoteLog(greet, clock);
    return new Coordinator({ log, views: log, clock, ids: () => nanoid(12) });
  },
});
