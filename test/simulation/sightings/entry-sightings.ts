/** Which rare paths show in what sessions write: what comes twice, too late, or under another name. */

import type { Reached } from "../reached.js";
import type { StreamEntry } from "../redis/data.js";

export class EntrySightings {
  /** The highest number that each session has written. */
  private readonly written = new Map<string, number>();
  /** The last session of each process. */
  private readonly sessions = new Map<string, string>();

  constructor(private readonly reached: Reached) {}

  /** @param isLate whether its connection had ended before. */
  see({ fields }: StreamEntry, isLate: boolean): void {
    const texts = new Map(fields);
    const [session, number] = [texts.get("session"), Number(texts.get("number"))];
    if (session === undefined || !(number > 0)) return;
    const last = this.written.get(session) ?? 0;
    if (last === 0) this.begins(session);
    if (number === last) this.reached.count("an entry was written twice");
    if (number <= last && isLate) {
      this.reached.count("an old connection's entry came after a new one's");
    }
    this.written.set(session, Math.max(number, last));
  }

  private begins(session: string): void {
    const process = processOf(session);
    if (this.sessions.has(process)) this.reached.count("a process went on under another session");
    this.sessions.set(process, session);
  }
}

/** A session's id is its birth and what the process named it: its own name, and a count. */
function processOf(session: string): string {
  return session.replace(/^\d+-/, "").replace(/x\d+$/, "");
}
