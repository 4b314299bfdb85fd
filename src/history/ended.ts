/** Why an acquisition has ended: its last event, and what led to it, as far as the events tell. */

import {
  type AbandonedEvent,
  answeredSession,
  type Event,
  type ExpiredEvent,
  type GrantedEvent,
  type ReassertedEvent,
  type ReleasedEvent,
} from "../core/event.js";
import type { Cause, EndedExplanation, PastHolder } from "./explanation.js";

type EndEvent = ReleasedEvent | ExpiredEvent | AbandonedEvent;
type Taken = GrantedEvent | ReassertedEvent;

/** What happened up to the end, and a little after it. */
interface Circumstances {
  readonly end: EndEvent;
  readonly before: readonly Event[];
  readonly after: readonly Event[];
}

/** @param events oldest first. Nothing, if none of them ends the acquisition. */
export function explainEnd(
  now: number,
  id: string,
  events: readonly Event[],
): EndedExplanation | undefined {
  const end = events.findLast((event) => isEnd(event) && event.acquisition === id);
  if (end === undefined || !isEnd(end)) return undefined;
  const place = events.indexOf(end);
  const seen = { end, before: events.slice(0, place), after: events.slice(place + 1) };
  const { semaphore, session } = end;
  const taken = takenBy(seen);
  return {
    kind: "ended",
    ...{ id, at: now, semaphore, session },
    end,
    queuedAt: queuedAt(seen),
    grantedAt: taken?.type === "reasserted" ? taken.grantedAt : taken?.at,
    causes: causesOf(seen),
  };
}

function isEnd(event: Event): event is EndEvent {
  return event.type === "released" || event.type === "expired" || event.type === "abandoned";
}

function causesOf(seen: Circumstances): Cause[] {
  const { end } = seen;
  switch (end.type) {
    case "released":
      if (end.reason === "left") return [{ what: "left", session: end.session }];
      return [...asked(end), ...revoked(seen)];
    case "expired":
      return [...expiry(seen, end), ...revoked(seen)];
    case "abandoned":
      return abandonment(seen, end);
  }
}

function expiry(seen: Circumstances, end: ExpiredEvent): Cause[] {
  switch (end.reason) {
    case "ttl":
      return [{ what: "ttl", ttlMs: termsOf(seen)?.ttlMs }];
    case "heartbeat":
      return [silence(seen)];
    case "revoked":
      return asked(end);
    case "superseded":
      return [{ what: "superseded", by: successor(seen) }];
  }
}

function abandonment(seen: Circumstances, end: AbandonedEvent): Cause[] {
  switch (end.reason) {
    case "timeout":
      return [
        {
          what: "timeout",
          limitMs: termsOf(seen)?.maxAcquireTimeMs,
          noticedBy: end.number === undefined ? "log" : "session",
        },
        ...whyNotServed(seen, end),
      ];
    case "cancelled":
      return end.number === undefined ? [{ what: "left", session: end.session }] : asked(end);
    case "lost":
      return [silence(seen)];
    case "busy":
      return whyNotServed(seen, end);
    case "queue-full":
      return [{ what: "queue-full", queued: end.queued }, ...whyNotServed(seen, end)];
    case "value-mismatch":
      return [{ what: "value-mismatch", declared: end.declared }];
  }
}

function asked(end: EndEvent): Cause[] {
  const by = answeredSession(end);
  return by === undefined ? [] : [{ what: "asked", by, own: by === end.session }];
}

/** All slots were held, or grants paused; both can be. */
function whyNotServed(seen: Circumstances, { held, effective, at }: AbandonedEvent): Cause[] {
  const causes: Cause[] = [];
  const pause = seen.before.findLast((event) => event.type === "restarted");
  if (pause && pause.pausedUntil > at) causes.push({ what: "paused", until: pause.pausedUntil });
  if (held >= effective) {
    causes.push({ what: "full", held, slots: effective, holders: holdersBefore(seen) });
  }
  return causes;
}

function silence(seen: Circumstances): Cause {
  const { session } = seen.end;
  const heard = seen.before.findLast(
    (event) => event.type !== "refused" && answeredSession(event) === session,
  );
  return { what: "silence", session, intervalMs: termsOf(seen)?.heartbeatMaxIntervalMs, heard };
}

function revoked({ end, before }: Circumstances): Cause[] {
  const event = before.findLast((event) => event.type === "revoked" && isAbout(event, end));
  return event?.type === "revoked" ? [{ what: "revoked", event }] : [];
}

/** Whoever says that he got the slot later says so in the next event about that slot, or that acquisition. */
function successor(seen: Circumstances): ReassertedEvent | undefined {
  const slot = takenBy(seen)?.slot;
  const { end, after } = seen;
  return after
    .filter((event) => event.type === "reasserted")
    .find(
      (event) => isAbout(event, end) || (event.semaphore === end.semaphore && event.slot === slot),
    );
}

function holdersBefore({ end, before }: Circumstances): PastHolder[] {
  const holders = new Map<string, Taken>();
  for (const event of before) {
    if (event.type === "granted" || event.type === "reasserted") {
      if (event.semaphore === end.semaphore) holders.set(event.acquisition, event);
    } else if (isEnd(event)) {
      holders.delete(event.acquisition);
    }
  }
  return [...holders.values()].map((event) => ({
    id: event.acquisition,
    session: event.session,
    slotNumber: event.slot,
    grantedAt: event.type === "granted" ? event.at : event.grantedAt,
  }));
}

function takenBy({ end, before }: Circumstances): Taken | undefined {
  return before
    .filter((event) => event.type === "granted" || event.type === "reasserted")
    .findLast((event) => isAbout(event, end));
}

function asking({ end, before }: Circumstances) {
  return before
    .filter((event) => event.type === "queued" || event.type === "reasserted")
    .findLast((event) => isAbout(event, end));
}

function queuedAt(seen: Circumstances): number | undefined {
  const event = asking(seen);
  return event?.type === "reasserted" ? event.queuedAt : event?.at;
}

function termsOf(seen: Circumstances) {
  return asking(seen)?.terms;
}

function isAbout(event: Event, { acquisition }: EndEvent): boolean {
  return "acquisition" in event && event.acquisition === acquisition;
}
