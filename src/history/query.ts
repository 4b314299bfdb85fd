/** Which events somebody asked for. */

import type { Event } from "../core/event.js";
import type { EventQuery } from "../ports.js";

export function matches(event: Event, { semaphore, acquisition }: EventQuery): boolean {
  return (
    (semaphore === undefined || ("semaphore" in event && event.semaphore === semaphore)) &&
    (acquisition === undefined || ("acquisition" in event && event.acquisition === acquisition))
  );
}
