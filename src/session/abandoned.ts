/** What an acquire rejects with, for each way to end without a slot. */

import type { AbandonedEvent, QueuedEvent } from "../core/event.js";
import {
  AcquireCancelledError,
  AcquireTimeoutError,
  ClosedError,
  QueueFullError,
  type SemaphoreError,
  ValueMismatchError,
} from "../errors.js";
import type { AbandonReason } from "../telemetry.js";
import type { AcquireRequest } from "./acquisition.js";

export function abandonedError(
  event: AbandonedEvent,
  request: AcquireRequest,
  queued: QueuedEvent | undefined,
): SemaphoreError {
  switch (event.reason) {
    case "timeout":
      return new AcquireTimeoutError({
        semaphoreName: event.semaphore,
        value: event.effective,
        held: event.held,
        waitedMs: event.at - (request.waitsSince ?? queued?.at ?? event.at),
        positionAtMost: queued?.position ?? event.queued,
      });
    case "queue-full":
    case "busy":
      return new QueueFullError(event.semaphore, event.queued);
    case "value-mismatch":
      return new ValueMismatchError(event.semaphore, event.declared, request.value);
    case "cancelled":
      // Nobody asked for this one: its session left.
      if (event.number === undefined) return new ClosedError();
      return new AcquireCancelledError(event.semaphore);
    case "lost":
      // Its session leaves; else it would have been asked for again.
      return new ClosedError();
  }
}

/** The same, for telemetry. */
export function abandonReasonOf({ reason, number }: AbandonedEvent): AbandonReason {
  const hasLeft = reason === "lost" || (reason === "cancelled" && number === undefined);
  return hasLeft ? "closed" : reason;
}
