/**
 * What sessions were told and may not have received: kept with the data until a session says that it
 * has seen it. The newest message is always kept, for it says where the next one continues.
 */

interface Kept {
  /** `seq` of its last event. */
  readonly seq: number;
  readonly text: string;
}

interface Listener {
  /** It has received everything up to here. */
  seen: number;
  kept: Kept[];
}

export class Told {
  private readonly sessions = new Map<string, Listener>();

  /** @param stored per session a JSON array of messages, as it was stored. */
  constructor(stored: ReadonlyMap<string, string>) {
    for (const [session, text] of stored) this.sessions.set(session, { seen: 0, kept: read(text) });
  }

  /** `seq` of the last event that the session was told; 0 if none. */
  last(session: string): number {
    return this.sessions.get(session)?.kept.at(-1)?.seq ?? 0;
  }

  seen(session: string, seq: number): void {
    const listener = this.sessions.get(session);
    if (listener) listener.seen = seq;
  }

  /** Also drops what has been seen. */
  tell(session: string, seq: number, text: string): void {
    const listener = this.sessions.get(session);
    if (listener === undefined) {
      this.sessions.set(session, { seen: 0, kept: [{ seq, text }] });
      return;
    }
    listener.kept = listener.kept.filter((message) => message.seq > listener.seen);
    listener.kept.push({ seq, text });
  }

  forget(session: string): void {
    this.sessions.delete(session);
  }

  /** What to store of the session. */
  textOf(session: string): string | undefined {
    const listener = this.sessions.get(session);
    return listener && `[${listener.kept.map(({ text }) => text).join()}]`;
  }
}

function read(text: string): Kept[] {
  const messages: { events: { seq: number }[] }[] = JSON.parse(text);
  return messages.map((message) => ({
    seq: message.events.at(-1)?.seq ?? 0,
    text: JSON.stringify(message),
  }));
}
