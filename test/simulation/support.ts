/** A network that is clear, and an observer that does not care, for tests of the simulated server itself. */

import type { Weather } from "./process/connection.js";
import type { Observer } from "./redis/server.js";

export const CLEAR: Weather = {
  ...{ latencyMs: () => 1, lost: 0, doubled: 0, delayed: 0 },
  struck: () => {},
};

export const NOBODY: Observer = {
  appended: () => {},
  committed: () => {},
  trimmed: () => {},
  claimed: () => {},
  started: () => {},
};
