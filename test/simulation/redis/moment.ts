/** Where and when a script of the simulated server runs, and what time it is there. */

import type { LogTime } from "../../../src/ports.js";
import type { Data } from "./data.js";
import { partsOf } from "./stream.js";

export const LEASE_MS = 1000;

export interface Moment {
  readonly data: Data;
  /** By the server's clock. */
  readonly nowMs: number;
  readonly runId: string;
}

/** The server's clock, or where log time stands if that was set back; the leader may have moved it without an entry. */
export function logTime({ data, nowMs }: Moment): number {
  const { cursor, at } = data.meta ?? { cursor: "0-0", at: 0 };
  return Math.max(nowMs, partsOf(cursor)[0], at);
}

export function timesOf(moment: Moment): LogTime {
  return { at: logTime(moment), clockAt: moment.nowMs };
}

export function leaseLeft({ data, nowMs }: Pick<Moment, "data" | "nowMs">): number {
  return Math.max(0, (data.leader?.expiresAt ?? 0) - nowMs);
}

/** Keys expire by the server's clock: one that is set back by an hour would make a lease an hour long. */
export function boundLease({ data, nowMs }: Moment): void {
  if (data.leader && data.leader.expiresAt > nowMs + LEASE_MS) {
    data.leader = { ...data.leader, expiresAt: nowMs + LEASE_MS };
  }
}
