/** What an acquire rejects with, for each way to end without a slot. */

import type { AbandonedEvent } from "../core/event.js";
import {
  AcquireCancelledError,
  AcquireTimeoutError,
  QueueFullError,
  type SemaphoreError,
  ValueMismatchError,
} from "../errors.js";
import type { AcquireRequest } from "./acquisition.js";

/** `queuedAt` and `position` are those of its `queued` event. */
export function abandonedError(
  event: AbandonedEvent,
  request: AcquireRequest,
  queuedAt: number,
  position: number,
): SemaphoreError {
  switch (event.reason) {
    case "timeout":
      return new AcquireTimeoutError({
        semaphoreName: event.semaphore,
        value: event.value,
        held: event.held,
        waitedMs: event.at - queuedAt,
        positionAtMost: position,
      });
    case "queue-full":
    case "busy":
      return new QueueFullError(event.semaphore, event.queued);
    case "value-mismatch":
      return new ValueMismatchError(event.semaphore, event.value, request.value);
    case "cancelled":
    case "lost":
      return new AcquireCancelledError(event.semaphore, event.reason);
  }
}
