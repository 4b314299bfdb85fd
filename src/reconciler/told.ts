/**
 * What sessions were told and may not have received: kept with the data until a session says that it
 * has seen it. The newest message is always kept, for it says where the next one continues.
 */

interface Kept {
  /** `seq` of its last event. */
  readonly seq: number;
  readonly bytes: number;
}

interface Listener {
  /** It has received everything up to here. */
  seen: number;
  readonly kept: Kept[];
}

/** Of a JSON array. */
const BRACKETS = 2;

export class Told {
  private readonly sessions = new Map<string, Listener>();

  /** @param stored per session a JSON array of messages. */
  constructor(stored: ReadonlyMap<string, string>) {
    for (const [session, text] of stored) {
      // Together: what is kept is told apart by its length, and lengths are not stored.
      const bytes = Buffer.byteLength(text) - BRACKETS;
      this.sessions.set(session, { seen: 0, kept: [{ seq: lastOf(text), bytes }] });
    }
  }

  /** `seq` of the last event that the session was told; 0 if none. */
  last(session: string): number {
    return this.sessions.get(session)?.kept.at(-1)?.seq ?? 0;
  }

  seen(session: string, seq: number): void {
    const listener = this.sessions.get(session);
    if (listener) listener.seen = seq;
  }

  /** Keeps a message, in place of those that were seen; returns how many bytes those have, with their commas. */
  tell(session: string, seq: number, text: string): number {
    const listener = this.sessions.get(session) ?? { seen: 0, kept: [] };
    this.sessions.set(session, listener);
    const { kept, seen } = listener;
    let seenBytes = 0;
    for (let first = kept[0]; first && first.seq <= seen; first = kept[0]) {
      seenBytes += first.bytes + 1;
      kept.shift();
    }
    kept.push({ seq, bytes: Buffer.byteLength(text) });
    return seenBytes;
  }

  forget(session: string): void {
    this.sessions.delete(session);
  }
}

function lastOf(text: string): number {
  const messages: { events: { seq: number }[] }[] = JSON.parse(text);
  return messages.at(-1)?.events.at(-1)?.seq ?? 0;
}
