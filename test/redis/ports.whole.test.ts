/** The real scripts and adapters keep the contract of the ports. */

import { contractOfPorts } from "../contract/ports/ports.js";
import { RedisScene } from "../support/redis-scene.js";
import { buildShiftedClock } from "../support/shifted-clock.js";

const clocks = buildShiftedClock();

contractOfPorts({
  name: clocks ? "Redis" : "Redis, but its clock cannot be set: that needs Linux and a C compiler",
  canShiftClock: clocks !== undefined,
  begin: () => RedisScene.begin(clocks?.newClock()),
});
