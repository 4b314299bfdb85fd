/** What the silence of a session means for what it owns. Times are steady time. */

import { type AcquisitionRecord, silenceOf } from "../core/state.js";

/**
 * A session that lives is heard three times within its interval. One that was not for this part of it, which is a third and
 * something for the way, has missed its turn.
 */
const OVERDUE_PART = 3 / 8;

/** When the acquisition ends if its session is not heard before; `Infinity` if it need not be heard. */
export function silentAt({ session, terms }: AcquisitionRecord): number {
  const { heartbeatMaxIntervalMs } = terms;
  const watch =
    heartbeatMaxIntervalMs === undefined ? undefined : session.watches.get(heartbeatMaxIntervalMs);
  return watch ? silenceOf(session, watch) : Infinity;
}

/** Whether its session should have been heard by now. */
export function isOverdue(record: AcquisitionRecord, now: number): boolean {
  const { heartbeatMaxIntervalMs = Infinity } = record.terms;
  return silentAt(record) - now < heartbeatMaxIntervalMs * (1 - OVERDUE_PART);
}
