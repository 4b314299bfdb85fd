/** Commands as tests write them: with defaults, and without their number, which the partition gives. */

import type { SessionCommand, Terms } from "../../src/core/command.js";

type Unnumbered<C> = C extends SessionCommand ? Omit<C, "number"> : never;

/** A session's command before its outbox has numbered it. */
export type Ask = Unnumbered<SessionCommand>;

/** The session that asks where a test names none; born at log time 0. */
export const SESSION = "0-s";

interface By {
  readonly by?: string;
}

interface AcquireOptions extends Terms, By {
  readonly on?: string;
  readonly value?: number;
}

/** E.g. `acquire("a")`, `acquire("b", { on: "api", value: 2, ttlMs: 30_000, by: "0-t" })`. */
export function acquire(acquisition: string, options: AcquireOptions = {}): Ask {
  const { on: semaphore = "api", value = 1, by: session = SESSION, ...terms } = options;
  return { type: "acquire", semaphore, acquisition, value, terms, session };
}

export function release(acquisition: string, { by: session = SESSION }: By = {}): Ask {
  return { type: "release", acquisition, session };
}

export function cancel(
  acquisition: string,
  { by: session = SESSION, reason = "cancelled" }: By & { reason?: "cancelled" | "timeout" } = {},
): Ask {
  return { type: "cancel", acquisition, reason, session };
}

export function heartbeat({ by: session = SESSION }: By = {}): Ask {
  return { type: "heartbeat", session };
}

/** With `former`, not `by` leaves, but the session that its process was before. */
export function leave({ by: session = SESSION, former }: By & { former?: string } = {}): Ask {
  return { type: "leave", former, session };
}

interface ReassertOptions extends AcquireOptions {
  readonly slot: number;
  readonly token: number;
  readonly queuedAt?: number;
  readonly grantedAt?: number;
  readonly ttlLeftMs?: number | undefined;
}

/** E.g. `reassert("a", { slot: 0, token: 5_000, ttlMs: 9_000, ttlLeftMs: 7_000, by: "0-t" })`. */
export function reassert(acquisition: string, options: ReassertOptions): Ask {
  const { on: semaphore = "api", value = 1, by: session = SESSION, slot, token, ...rest } = options;
  // A token tells when it was granted, as long as no more than 1,000 are in a millisecond.
  const { grantedAt = Math.floor(token / 1_000), queuedAt = grantedAt, ttlLeftMs, ...terms } = rest;
  const hold = { slot, token, value, terms, queuedAt, grantedAt, ttlLeftMs };
  return { type: "reassert", semaphore, acquisition, ...hold, session };
}

export function resize(
  semaphore: string,
  value: number,
  { by: session = SESSION, declared, operator }: By & { declared?: number; operator?: string } = {},
): Ask {
  return { type: "resize", semaphore, value, declared, operator, session };
}

export function revoke(
  acquisition: string,
  {
    by: session = SESSION,
    force = false,
    operator,
  }: By & { force?: boolean; operator?: string } = {},
): Ask {
  return { type: "revoke", acquisition, force, operator, session };
}
