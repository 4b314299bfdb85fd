/** Waits on a clock that may be simulated. */

import type { Clock } from "../ports.js";

/** Resolves after so many milliseconds. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.alarm(resolve).set(clock.now() + ms));
}
