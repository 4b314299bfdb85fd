/** What a page is told when something fails: no address, no user, no password, whatever the error says. */

import { HistoryError, SemaphoreError, type SemaphoreErrorCode } from "../errors.js";

const MESSAGES: Partial<Record<SemaphoreErrorCode, string>> = {
  BACKEND_UNAVAILABLE:
    "Redis cannot be reached. Reading goes on by itself once it can; the log of the inspector says more.",
  CLOSED: "the coordinator is closed. Start the inspector on another one.",
};

const UNKNOWN = "the history cannot be read. The log of the inspector says why.";

export function troubleOf(error: unknown): string {
  // It speaks of the history alone, which the page has anyway.
  if (error instanceof HistoryError) return error.message;
  return (error instanceof SemaphoreError ? MESSAGES[error.code] : undefined) ?? UNKNOWN;
}
