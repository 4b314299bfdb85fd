/**
 * What sessions were told and may not have received: kept with the data until a session says that it
 * has seen it. The newest message is always kept, for it says where the next one continues.
 */

import { messageId, NO_MESSAGE, seqOf } from "../message-ids.js";
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
  /** What these were told last got lost. */
  private readonly deprived = new Set<string>();

  /**
   * @param epoch that of the term
   * @param stored per session the messages that are kept for it, oldest first
   * @param known the sessions that were told something
   */
  constructor(
    private readonly epoch: number,
    stored: ReadonlyMap<string, readonly MessageId[]>,
    known: Iterable<string>,
  ) {
    for (const [session, kept] of stored) this.sessions.set(session, { seen: 0, kept: [...kept] });
    for (const session of known) if (!stored.has(session)) this.deprived.add(session);
  }

  /** The message that the session was sent last; `0-0` if none, and one that never was if nobody knows. */
  last(session: string): MessageId {
    if (this.deprived.has(session)) return messageId(this.epoch, 0);
    return this.sessions.get(session)?.kept.at(-1) ?? NO_MESSAGE;
  }

  seen(session: string, seq: number): void {
    const listener = this.sessions.get(session);
    if (listener) listener.seen = seq;
  }

  /** A message of this term. @param seq of its last event */
  next(seq: number): MessageId {
    return messageId(this.epoch, seq);
  }

  /** Keeps a message in place of those that were seen. */
  tell(session: string, message: MessageId): Keeping {
    const listener = this.sessions.get(session) ?? { seen: 0, kept: [] };
    this.sessions.set(session, listener);
    this.deprived.delete(session);
    const { kept, seen } = listener;
    const firstUnseen = kept.findIndex((id) => seqOf(id) > seen);
    const dropped = kept.splice(0, firstUnseen < 0 ? kept.length : firstUnseen);
    kept.push(message);
    return { kept: [...kept], dropped };
  }

  /** Nothing is kept for it any more. */
  forget(session: string): Keeping {
    const dropped = this.sessions.get(session)?.kept ?? [];
    this.sessions.delete(session);
    this.deprived.delete(session);
    return { kept: [], dropped };
  }
}
