/** A span for each acquisition, from the asking to the end, below the span that was active when it was asked for. */

import { context, type Span, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import {
  type AcquisitionAsked,
  type AcquisitionEnded,
  type AcquisitionGranted,
  acquisitionAsked,
  acquisitionEnded,
  acquisitionGranted,
} from "../telemetry.js";
import { Subscriptions } from "./subscriptions.js";

const NAME = "slotstream.acquisition";

/** Traces until the returned function is called, which also ends the spans that are open. */
export function trace(tracer: Tracer): () => void {
  const spans = new Map<AcquisitionAsked, Span>();
  const subscriptions = new Subscriptions();
  subscriptions.add(acquisitionAsked, (asked) => spans.set(asked, begin(tracer, asked)));
  subscriptions.add(acquisitionGranted, (granted) => {
    const span = spans.get(granted.asked);
    if (span) grant(span, granted);
  });
  subscriptions.add(acquisitionEnded, (ended) => {
    const span = spans.get(ended.asked);
    spans.delete(ended.asked);
    if (span) end(span, ended);
  });
  return () => {
    subscriptions.end();
    for (const span of spans.values()) span.end();
    spans.clear();
  };
}

function begin(tracer: Tracer, { id, semaphore, value, mode }: AcquisitionAsked): Span {
  const attributes = {
    "slotstream.semaphore": semaphore,
    "slotstream.mode": mode,
    "slotstream.value": value,
    "slotstream.acquisition": id,
  };
  return tracer.startSpan(NAME, { attributes }, context.active());
}

function grant(span: Span, { acquisition, slot, token, position }: AcquisitionGranted): void {
  span.setAttributes({
    "slotstream.acquisition": acquisition,
    "slotstream.slot": slot,
    "slotstream.fencing_token": token,
  });
  if (position !== undefined) span.setAttribute("slotstream.position", position);
  span.addEvent("granted");
}

function end(span: Span, { outcome, reason, holdMs }: AcquisitionEnded): void {
  span.setAttribute("slotstream.outcome", outcome);
  if (reason !== undefined) span.setAttribute("slotstream.reason", reason);
  // Who waits in vain gets an error himself; who loses a slot may be in the middle of something.
  if (holdMs !== undefined && outcome !== "released") {
    span.addEvent("lost");
    span.setStatus({ code: SpanStatusCode.ERROR, message: `the slot was lost: ${reason}` });
  }
  span.end();
}
