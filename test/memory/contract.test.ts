/** Memory mode keeps the contract, on a simulated clock and on the real one. */

import { MemoryCoordinator } from "../../src/index.js";
import { contract } from "../contract/semaphore.js";
import { Fleet } from "../support/memory-fleet.js";

const fleet = Fleet.simulated();

contract({
  name: "memory, simulated time",
  createCoordinator: () => fleet.coordinator(),
  advance: (ms) => fleet.clock.advance(ms),
});

contract({ name: "memory, real time", createCoordinator: () => new MemoryCoordinator() });
