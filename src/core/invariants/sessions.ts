/** What sessions said, as the events tell it: each word takes effect once and in turn, and counts as a sign of life. */

import { answeredSession, type Event, type ResumedEvent } from "../event.js";
import { REMEMBER_MS } from "../state.js";
import { check, type Line } from "./check.js";
import type { WitnessedTime } from "./time.js";

export class WitnessedSessions {
  private readonly applied = new Map<string, number>();
  private readonly heardAt = new Map<string, number>();
  private readonly gaps: { readonly at: number; readonly gapMs: number }[] = [];

  constructor(private readonly time: WitnessedTime) {}

  /** A session's commands take effect once each, in the order of their numbers. */
  hear(event: Event, line: Line): void {
    const session = answeredSession(event);
    if (session === undefined || !("number" in event) || event.number === undefined) return;
    const expected = (this.applied.get(session) ?? 0) + 1;
    if (event.type === "refused") {
      const next = this.applied.has(session) && event.number === expected;
      check(5, !next, () => `${line()}: it was the session's next`);
      return;
    }
    check(5, event.number === expected, () => `${line()}: number ${expected} was expected`);
    this.applied.set(session, event.number);
    this.heardAt.set(session, this.time.now);
  }

  resumed({ gapMs }: ResumedEvent): void {
    this.gaps.push({ at: this.time.now, gapMs });
  }

  /** It is called silent, for longer than it may be. */
  wasSilent(session: string, intervalMs: number, line: Line): void {
    const heard = this.heardAt.get(session) ?? 0;
    const resumed = this.gaps.find(({ at, gapMs }) => at > heard && gapMs > intervalMs)?.at ?? 0;
    const deadline = Math.max(heard, resumed) + intervalMs;
    const end = this.time.logTime(deadline);
    check(8, this.time.now >= deadline, () => `${line()}: its session has until ${end}`);
  }

  swept(session: string, line: Line): void {
    const until = (this.heardAt.get(session) ?? Infinity) + REMEMBER_MS;
    const end = this.time.logTime(until);
    check(8, this.time.now >= until, () => `${line()}: ${session} is remembered until ${end}`);
    this.applied.delete(session);
  }
}
