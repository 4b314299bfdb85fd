/**
 * The commands of an entry. Anybody who may write to Redis may write anything to the stream, so they
 * are checked: what none of our sessions can have written is not decided.
 */

import { MAX_TOKEN, MAX_VALUE, type SessionCommand, type Terms } from "./core/command.js";
import { isObject, parseJson } from "./core/json.js";
import type { Entry } from "./ports.js";

/** The commands with their session and numbers; `undefined` if they are not what the protocol says. */
export function commandsOf({ session, number, commands }: Entry): SessionCommand[] | undefined {
  return numbered(parseJson(commands), session, number);
}

/** The same for what was parsed already. */
export function numbered(
  drafts: unknown,
  session: unknown,
  number: unknown,
): SessionCommand[] | undefined {
  if (!Array.isArray(drafts) || drafts.length === 0 || !isName(session)) return undefined;
  if (!isWhole(number) || number < 1) return undefined;
  const checked: SessionCommand[] = [];
  for (const draft of drafts) {
    const command = toCommand(draft, session, number + checked.length);
    if (command === undefined) return undefined;
    checked.push(command);
  }
  return checked;
}

function toCommand(draft: unknown, session: string, number: number): SessionCommand | undefined {
  if (!isObject(draft)) return undefined;
  const { type, acquisition, semaphore, value } = draft;
  switch (type) {
    case "acquire": {
      const { terms } = draft;
      if (!isName(semaphore) || !isName(acquisition) || !isWhole(value) || value < 1) break;
      if (!isTerms(terms)) break;
      return { type, session, number, semaphore, acquisition, value, terms };
    }
    case "release":
      if (isName(acquisition)) return { type, session, number, acquisition };
      break;
    case "cancel": {
      const { reason } = draft;
      if (!isName(acquisition) || (reason !== "cancelled" && reason !== "timeout")) break;
      return { type, session, number, acquisition, reason };
    }
    case "heartbeat":
      return { type, session, number };
    case "leave": {
      const { former } = draft;
      if (former !== undefined && !isName(former)) break;
      return { type, session, number, former };
    }
    case "reassert": {
      const { slot, token, terms, queuedAt, grantedAt, ttlLeftMs } = draft;
      if (!isName(semaphore) || !isName(acquisition) || !isWhole(value) || value < 1) break;
      // Slots below the one that is taken are remembered as free, and tokens go on from the highest.
      if (!isWhole(slot) || slot >= MAX_VALUE || !isWhole(token) || token > MAX_TOKEN) break;
      if (!isTerms(terms)) break;
      if (!isWhole(queuedAt) || !isWhole(grantedAt) || !isWholeOrAbsent(ttlLeftMs)) break;
      const hold = { slot, token, value, terms, queuedAt, grantedAt, ttlLeftMs };
      return { type, session, number, semaphore, acquisition, ...hold };
    }
    case "resize": {
      const { declared, operator } = draft;
      if (!isName(semaphore) || !isWhole(value) || !isWholeOrAbsent(declared)) break;
      if (!isOperator(operator)) break;
      return { type, session, number, semaphore, value, declared, operator };
    }
    case "revoke": {
      const { force, operator } = draft;
      if (!isName(acquisition) || typeof force !== "boolean" || !isOperator(operator)) break;
      return { type, session, number, acquisition, force, operator };
    }
  }
  return undefined;
}

/** Whether an acquire can have brought them. */
export function isTerms(terms: unknown): terms is Terms {
  if (!isObject(terms)) return false;
  const { noWait, onValueMismatch, metadata } = terms;
  return (
    isWholeOrAbsent(terms.maxAcquireTimeMs) &&
    isWholeOrAbsent(terms.ttlMs) &&
    isWholeOrAbsent(terms.heartbeatMaxIntervalMs) &&
    isWholeOrAbsent(terms.maxQueueSize) &&
    (noWait === undefined || typeof noWait === "boolean") &&
    (onValueMismatch === undefined ||
      onValueMismatch === "reject" ||
      onValueMismatch === "adopt") &&
    (metadata === undefined ||
      (isObject(metadata) && Object.values(metadata).every((text) => typeof text === "string")))
  );
}

/**
 * One name must not pass for another: by a control character where names are joined, or by half a
 * character (a lone surrogate), all of which look the same once they are stored.
 */
function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !/[\p{Cc}\p{Cs}]/u.test(value);
}

/** Whoever does not say who he is stays unnamed. */
function isOperator(value: unknown): value is string | undefined {
  return value === undefined || isName(value);
}

/** 0, 1, 2 … as far as numbers are exact. */
export function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isWholeOrAbsent(value: unknown): value is number | undefined {
  return value === undefined || isWhole(value);
}
