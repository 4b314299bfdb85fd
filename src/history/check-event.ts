/**
 * Whether JSON is an event. A history may come from a file that anybody has edited, and what is folded must not break
 * what folds it.
 */

import { MAX_VALUE } from "../core/command.js";
import type { Event } from "../core/event.js";
import { isObject } from "../core/json.js";
import { isTerms, isWhole } from "../decode.js";

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const texts: Check = (value) => Array.isArray(value) && value.every(text);
// What is above the slot that is taken is not remembered; what is below is.
const slot: Check = (value) => isWhole(value) && value < MAX_VALUE;
const textOrNone: Check = (value) => value === undefined || text(value);
const wholeOrNone: Check = (value) => value === undefined || isWhole(value);

const oneOf = (...words: readonly string[]): Check => {
  const known = new Set<unknown>(words);
  return (value) => known.has(value);
};

const about = { semaphore: text, acquisition: text, session: text };
const answer = { session: text, number: isWhole };

/** What each type must have, besides what all may have. */
const MEMBERS: Readonly<Record<Event["type"], Readonly<Record<string, Check>>>> = {
  queued: { ...about, number: isWhole, value: isWhole, position: isWhole, terms: isTerms },
  granted: { ...about, slot, token: isWhole },
  released: { ...about, reason: oneOf("released", "cancelled", "left") },
  expired: {
    ...about,
    reason: oneOf("ttl", "heartbeat", "revoked", "superseded"),
    operator: textOrNone,
  },
  abandoned: {
    ...about,
    reason: oneOf("timeout", "cancelled", "lost", "busy", "queue-full", "value-mismatch"),
    ...{ declared: isWhole, effective: isWhole, held: isWhole, queued: isWhole },
    operator: textOrNone,
  },
  reasserted: {
    ...{ ...about, number: isWhole, from: textOrNone, value: isWhole, slot, token: isWhole },
    ...{ queuedAt: isWhole, grantedAt: isWhole, ttlLeftMs: wholeOrNone, terms: isTerms },
  },
  revoked: { ...about, number: isWhole, operator: textOrNone },
  declared: { semaphore: text, value: isWhole },
  resized: {
    ...answer,
    semaphore: text,
    declared: isWhole,
    effective: isWhole,
    operator: textOrNone,
  },
  heartbeat: answer,
  left: answer,
  ignored: {
    ...answer,
    command: oneOf("acquire", "release", "cancel", "reassert", "resize", "revoke"),
    acquisition: textOrNone,
    reason: oneOf(
      ...["known-acquisition", "not-held", "not-live", "unknown-semaphore", "unchanged"],
      ...["too-late", "superseded"],
    ),
  },
  refused: { ...answer, reason: oneOf("duplicate", "gap", "stranger") },
  resumed: { gapMs: isWhole },
  rebased: { byMs: isWhole },
  restarted: { pausedUntil: isWhole },
  swept: { semaphores: texts, sessions: texts },
  ticked: {},
};

/** All that there are. */
export const EVENT_TYPES: readonly string[] = Object.keys(MEMBERS);

const COMMON: Readonly<Record<string, Check>> = {
  ...{ seq: isWhole, at: isWhole },
  ...{ number: wholeOrNone, session: textOrNone, by: textOrNone },
};

const TYPES: ReadonlyMap<unknown, [string, Check][]> = new Map(
  Object.entries(MEMBERS).map(([type, members]) => [
    type,
    Object.entries({ ...COMMON, ...members }),
  ]),
);

export function isEvent(value: unknown): value is Event {
  if (!isObject(value)) return false;
  const members = TYPES.get(value.type);
  if (members === undefined) return false;
  for (const [name, check] of members) if (!check(value[name])) return false;
  return true;
}
