/** Replies of Redis are unknown until they were looked at. */

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

/** What the JSON text says; `undefined` if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function strange(reply: unknown): ProtocolError {
  return new ProtocolError(
    `Redis answered what slotstream does not understand: ${JSON.stringify(reply)?.slice(0, 100)}. ` +
      "Somebody else may have written to its keys; or another version of slotstream did.",
  );
}
