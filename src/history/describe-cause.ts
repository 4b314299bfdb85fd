/** What led to the end of an acquisition, in lines for people. */

import { describeEvent } from "../core/describe.js";
import type { Cause, EndedExplanation, PastHolder } from "./explanation.js";
import { showDuration } from "./show-duration.js";

/** So many holders are named. */
const SHOWN = 10;

export function describeCause(cause: Cause, { at }: EndedExplanation["end"]): string[] {
  switch (cause.what) {
    case "asked":
      return [`Session ${cause.by} asked for it${cause.own ? ", its own" : ""}.`];
    case "left":
      return [`Its session ${cause.session} left.`];
    case "ttl":
      return [`It held longer than its ttl${limit(cause.ttlMs)}.`];
    case "timeout": {
      const by = cause.noticedBy === "log" ? "" : " by the clock of its process";
      return [`It waited longer than it may${limit(cause.limitMs)}${by}.`];
    }
    case "silence": {
      const { session, intervalMs, heard } = cause;
      const last = heard
        ? `: the last was "${describeEvent(heard)}", ${showDuration(at - heard.at)} before (event ${heard.seq})`
        : "";
      return [`Its session ${session} was not heard for too long${limit(intervalMs)}${last}.`];
    }
    case "full": {
      const { held, slots, holders } = cause;
      return [`${held} of ${slots} slots were held.`, ...named(holders, held, at)];
    }
    case "queue-full":
      return [`${cause.queued} waited already, and no more may by its maxQueueSize.`];
    case "paused":
      return [
        `Grants paused for another ${showDuration(cause.until - at)}: the data may have lost its last moments.`,
      ];
    case "revoked": {
      const { by, session, at: revokedAt, operator } = cause.event;
      const who = operator === undefined ? "" : ` (${operator})`;
      return [
        `It was told to give the slot back by ${by ?? session}${who}, ${showDuration(at - revokedAt)} before.`,
      ];
    }
    case "superseded": {
      const by = cause.by ? `${cause.by.acquisition} of session ${cause.by.session}` : "somebody";
      return [`After a loss of data, ${by} said that it got the slot later.`];
    }
    case "value-mismatch":
      return [`The semaphore was in use with value ${cause.declared}.`];
  }
}

function named(holders: readonly PastHolder[], held: number, at: number): string[] {
  const lines = holders
    .slice(0, SHOWN)
    .map(
      ({ id, slotNumber, grantedAt }) =>
        `  held by: slot ${slotNumber}: ${id}, for ${showDuration(at - grantedAt)}`,
    );
  const more = held - lines.length;
  return more > 0 ? [...lines, `  held by: ${more} more`] : lines;
}

function limit(ms: number | undefined): string {
  return ms === undefined ? "" : ` (${showDuration(ms)})`;
}
