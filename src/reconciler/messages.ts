/** Who is told what of a commit: each session the events that concern it. */

import type { Event } from "../core/event.js";
import type { State } from "../core/state.js";
import type { Outgoing } from "../ports.js";
import type { Told } from "./told.js";

/** What one session is told. */
interface Draft {
  /** `seq` of the last of the events. */
  seq: number;
  /** Where the events stand in the text of all, as long as they are one piece of it. */
  from: number;
  to: number;
  /** The events one by one, once they are not. */
  texts: string[] | undefined;
}

/**
 * The message for each session concerned, by session.
 *
 * @param texts the events as JSON, in the same order
 * @param all the same as one JSON array
 */
export function messagesOf(
  state: State,
  told: Told,
  events: readonly Event[],
  texts: readonly string[],
  all: string,
): Map<string, Outgoing> {
  const drafts = new Drafts(all);
  events.forEach((event, index) => {
    drafts.take(event, texts[index]?.length ?? 0);
  });
  const isAscii = Buffer.byteLength(all) === all.length;
  const messages = new Map<string, Outgoing>();
  for (const [session, { seq, from, to, texts }] of drafts.bySession) {
    const record = state.sessions.get(session);
    const applied = record?.applied ?? 0;
    const body = texts?.join() ?? all.slice(from, to);
    const [after, id] = [told.last(session), told.next(seq)];
    const text = `{"id":"${id}","after":"${after}","applied":${applied},"events":[${body}]}`;
    const piece = texts === undefined && isAscii ? { from, to } : undefined;
    const { kept, dropped } = record ? told.tell(session, id) : told.forget(session);
    messages.set(session, { text, piece, kept, dropped });
  }
  return messages;
}

/** What each session is told, as it is gathered event by event. */
class Drafts {
  readonly bySession = new Map<string, Draft>();
  /** Where the last event ends. */
  private to = 0;

  /** @param all the events as one JSON array */
  constructor(private readonly all: string) {}

  /** The next one of them, which takes so many characters. */
  take(event: Event, length: number): void {
    const { session, by, seq } = event;
    // After the bracket, or a comma.
    const from = this.to + 1;
    this.to = from + length;
    if (session !== undefined) this.addPiece(session, seq, from);
    if (by !== undefined) this.addPiece(by, seq, from);
    if (event.type !== "swept") return;
    for (const id of event.sessions) this.addText(id, seq, farewell(event, id));
  }

  private addPiece(session: string, seq: number, from: number): void {
    const { to } = this;
    const draft = this.bySession.get(session);
    if (draft === undefined) {
      this.bySession.set(session, { seq, from, to, texts: undefined });
    } else if (draft.texts === undefined && draft.to + 1 === from) {
      draft.seq = seq;
      draft.to = to;
    } else {
      this.addText(session, seq, this.all.slice(from, to));
    }
  }

  private addText(session: string, seq: number, text: string): void {
    const draft = this.bySession.get(session);
    if (draft === undefined) {
      this.bySession.set(session, { seq, from: 0, to: 0, texts: [text] });
      return;
    }
    draft.seq = seq;
    draft.texts ??= [this.all.slice(draft.from, draft.to)];
    draft.texts.push(text);
  }
}

/** A session that is forgotten need not hear of all the others. */
function farewell(event: Event & { type: "swept" }, session: string): string {
  return JSON.stringify({ ...event, semaphores: [], sessions: [session] });
}
