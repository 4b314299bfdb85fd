/** Memory mode keeps the contract, on a simulated clock and on the real one. */

import { nanoid } from "nanoid";
import { MemoryCoordinator } from "../../src/index.js";
import { processLog } from "../../src/memory/process-log.js";
import { Coordinator } from "../../src/semaphore/coordinator.js";
import { contract } from "../contract/semaphore.js";
import { MortalClock } from "../support/memory-clocks.js";
import { Fleet } from "../support/memory-fleet.js";

const fleet = Fleet.simulated();

contract({
  name: "memory, simulated time",
  createCoordinator: () => fleet.coordinator(),
  createMortal: () => {
    const clock = new MortalClock(fleet.clock);
    return { coordinator: fleet.coordinator(clock), die: () => clock.end() };
  },
  advance: (ms) => fleet.clock.advance(ms),
});

contract({
  name: "memory, real time",
  createCoordinator: () => new MemoryCoordinator(),
  createMortal: () => {
    const { log, clock: systemClock } = processLog();
    const clock = new MortalClock(systemClock);
    const coordinator = new Coordinator({
      log,
      views: log,
      history: log,
      clock,
      ids: () => nanoid(12),
    });
    return { coordinator, die: () => clock.end() };
  },
});
