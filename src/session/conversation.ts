/** What one session and a distant log have said to each other: what was asked, and what was told. */

import type { Inbox, Message, Report } from "../ports.js";
import { Outbox, type Written } from "./outbox.js";

/** So many messages may be kept for it in the log. */
const MOST_UNCONFIRMED = 64;

export class Conversation {
  readonly outbox: Outbox;
  /** It gets what it is told, as far as nothing is lost on the way. */
  attached = false;
  /** Something was lost, or may have been. */
  reportWanted = false;
  /** `seq` of the last event that it received. */
  seen = 0;
  /** `seq` of the last event that it heard of. */
  private announced = 0;
  /** How many messages it took since it said last what it has seen. */
  private unconfirmed = 0;

  constructor(
    readonly session: string,
    readonly inbox: Inbox,
  ) {
    this.outbox = new Outbox(session);
  }

  /** Whether the message comes next. If not, it is dropped, and a report brings what it told. */
  follows(message: Message): boolean {
    const last = lastOf(message);
    if (last <= this.seen) return false;
    if (message.after === this.seen && message.applied >= this.outbox.applied) {
      this.unconfirmed++;
      return true;
    }
    this.announced = Math.max(this.announced, last);
    this.reportWanted = true;
    return false;
  }

  /** It has taken many messages and said nothing. */
  get isSilentListener(): boolean {
    return this.unconfirmed >= MOST_UNCONFIRMED && !this.outbox.isBehind;
  }

  /** What to write next; it says what was seen so far. */
  next(now: number): Written | undefined {
    const written = this.outbox.next(this.seen, now);
    if (written) this.unconfirmed = 0;
    return written;
  }

  /** Where it stands, to be compared with a report that is asked for now. */
  get position(): Position {
    const { seen, announced } = this;
    return { applied: this.outbox.applied, seen, announced };
  }

  /** The report was taken in that was asked for at this position. */
  reported({ announced }: Position): void {
    // What it heard of before, the report has told, or it is lost. What came meanwhile may be missing.
    if (this.announced === announced) this.reportWanted = false;
  }
}

export interface Position {
  readonly applied: number;
  readonly seen: number;
  readonly announced: number;
}

/** The log knows less than the session was told before it asked: it has forgotten the session, or its last moments. */
export function hasForgotten(report: Report, { applied, seen }: Position): boolean {
  if ((report.applied ?? 0) < applied) return true;
  const next = report.messages.find((message) => lastOf(message) > seen);
  // Where what it was told last ends no message any more, what follows is another story.
  if (next !== undefined) return next.after !== seen;
  const last = report.messages.at(-1);
  return last !== undefined && lastOf(last) < seen;
}

function lastOf({ events }: Message): number {
  return events.at(-1)?.seq ?? 0;
}
