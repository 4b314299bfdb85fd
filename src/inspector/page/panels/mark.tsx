/** States and events as small marks: each has a shape of its own, so that colour is never all that tells. */

import type { Event } from "../../../core/event.js";
import type { AcquisitionState } from "../../../core/machine.js";

type Shape = AcquisitionState | "note";

const PATHS: Readonly<Record<Shape, string>> = {
  queued: "M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0 -8M6 4.2v2l1.4 1",
  held: "M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0 -8z",
  heartbeating: "M1 6.5h2.2l1.4 -3.6l2.4 6.4l1.4 -2.8h2.6",
  released: "M2.2 6.4l2.6 2.6l5 -5.6",
  expired: "M3 3l6 6M9 3l-6 6",
  abandoned: "M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0 -8M3.2 8.8l5.6 -5.6",
  note: "M6 5a1 1 0 1 0 0 2a1 1 0 1 0 0 -2z",
};

export function Mark({ of }: { readonly of: Shape }) {
  return (
    <svg class={`mark ${of}`} viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
      <path d={PATHS[of]} />
    </svg>
  );
}

/** Which of the marks an event has. */
export function markOf(type: Event["type"]): Shape {
  switch (type) {
    case "queued":
      return "queued";
    case "granted":
    case "reasserted":
      return "held";
    case "heartbeat":
      return "heartbeating";
    case "released":
      return "released";
    case "expired":
    case "revoked":
      return "expired";
    case "abandoned":
      return "abandoned";
    case "declared":
    case "resized":
    case "left":
    case "ignored":
    case "refused":
    case "resumed":
    case "rebased":
    case "restarted":
    case "swept":
    case "ticked":
      return "note";
  }
}
