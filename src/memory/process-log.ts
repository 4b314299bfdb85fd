/** The log that all semaphores of this process share, unless they opt out. */

import { LocalLog } from "./local-log.js";
import { systemClock } from "./system-clock.js";

/** How many events are kept where nothing else is said. */
export const DEFAULT_RETENTION = 10_000;

let shared: LocalLog | undefined;

export function processLog(): LocalLog {
  shared ??= new LocalLog(systemClock, DEFAULT_RETENTION);
  return shared;
}
