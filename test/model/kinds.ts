/** The kinds of events, by which a test sees that it met them all. */

import type { Event } from "../../src/core/event.js";

/** E.g. `expired ttl`, `ignored release not-held`. @param text the event as JSON */
export function kindOf(text: string): string {
  const event: Event = JSON.parse(text);
  const command = "command" in event ? `${event.command} ` : "";
  return `${event.type} ${command}${"reason" in event ? event.reason : ""}`.trim();
}

/** All that sessions and time can bring about. */
export const EVERYTHING = [
  ...["queued", "granted", "revoked", "declared", "resized", "heartbeat", "left"],
  ...["resumed", "swept", "ticked"],
  ...["released released", "released cancelled", "released left"],
  ...["expired ttl", "expired heartbeat", "expired revoked"],
  ...["abandoned timeout", "abandoned cancelled", "abandoned lost"],
  ...["abandoned busy", "abandoned queue-full", "abandoned value-mismatch"],
  ...["refused duplicate", "refused gap", "refused stranger"],
  ...["ignored acquire known-acquisition", "ignored release not-held"],
  ...["ignored cancel not-live", "ignored revoke not-live", "ignored revoke unchanged"],
  ...["ignored resize unknown-semaphore", "ignored resize unchanged"],
  ...["reasserted", "ignored reassert known-acquisition", "ignored reassert too-late"],
];
