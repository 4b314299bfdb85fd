/** Replies of Redis are unknown until they were looked at. */

import type { Event } from "../core/event.js";
import { isObject } from "../core/json.js";
import { ProtocolError } from "../errors.js";

export function listOf(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw strange(reply);
  return reply;
}

export function textOf(reply: unknown): string {
  if (typeof reply !== "string") throw strange(reply);
  return reply;
}

export function textsOf(reply: unknown): string[] {
  return listOf(reply).map(textOf);
}

/** A text, or nothing where Redis has nothing. */
export function textOrNone(reply: unknown): string | undefined {
  return reply === null || reply === undefined ? undefined : textOf(reply);
}

export function numberOf(reply: unknown): number {
  const number = typeof reply === "string" && reply !== "" ? Number(reply) : reply;
  if (typeof number !== "number" || !Number.isSafeInteger(number)) throw strange(reply);
  return number;
}

/** Of an event only what all have in common is looked at: only the leader writes them. */
export function isEvent(value: unknown): value is Event {
  return isObject(value) && typeof value.type === "string" && typeof value.seq === "number";
}

function strange(reply: unknown): ProtocolError {
  return new ProtocolError(
    `Redis answered what slotstream does not understand: ${JSON.stringify(reply)?.slice(0, 100)}. ` +
      "Somebody else may have written to its keys; or another version of slotstream did.",
  );
}
