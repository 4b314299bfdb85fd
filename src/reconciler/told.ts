/**
 * What sessions were told and may not have received: kept with the data until a session says that it
 * has seen it. The newest message is always kept, for it says where the next one continues.
 */

import type { MessageId } from "../ports.js";

interface Listener {
  /** It has received everything up to here. */
  seen: number;
  readonly kept: MessageId[];
}

/** What becomes of the messages to a session. */
export interface Keeping {
  readonly kept: readonly MessageId[];
  readonly dropped: readonly MessageId[];
}

export class Told {
  private readonly sessions = new Map<string, Listener>();

  /** @param stored per session the messages that are kept for it, oldest first. */
  constructor(stored: ReadonlyMap<string, readonly MessageId[]>) {
    for (const [session, kept] of stored) this.sessions.set(session, { seen: 0, kept: [...kept] });
  }

  /** `seq` of the last event that the session was told; 0 if none. */
  last(session: string): number {
    return this.sessions.get(session)?.kept.at(-1) ?? 0;
  }

  seen(session: string, seq: number): void {
    const listener = this.sessions.get(session);
    if (listener) listener.seen = seq;
  }

  /** Keeps a message in place of those that were seen. */
  tell(session: string, message: MessageId): Keeping {
    const listener = this.sessions.get(session) ?? { seen: 0, kept: [] };
    this.sessions.set(session, listener);
    const { kept, seen } = listener;
    const firstUnseen = kept.findIndex((seq) => seq > seen);
    const dropped = kept.splice(0, firstUnseen < 0 ? kept.length : firstUnseen);
    kept.push(message);
    return { kept: [...kept], dropped };
  }

  /** Nothing is kept for it any more. */
  forget(session: string): Keeping {
    const dropped = this.sessions.get(session)?.kept ?? [];
    this.sessions.delete(session);
    return { kept: [], dropped };
  }
}
