/** Who is told what of a commit: each session the events that concern it. */

import type { Event } from "../core/event.js";
import type { State } from "../core/state.js";
import type { Outgoing } from "../ports.js";
import type { Told } from "./told.js";

interface Draft {
  /** `seq` of the last of the events. */
  seq: number;
  readonly events: string[];
}

/**
 * The message for each session concerned, by session.
 *
 * @param texts the events as JSON, in the same order
 */
export function messagesOf(
  state: State,
  told: Told,
  events: readonly Event[],
  texts: readonly string[],
): Map<string, Outgoing> {
  const drafts = new Map<string, Draft>();
  events.forEach((event, index) => {
    const text = texts[index] ?? "";
    if (event.session !== undefined) add(drafts, event.session, event.seq, text);
    if (event.by !== undefined) add(drafts, event.by, event.seq, text);
    if (event.type === "swept")
      for (const id of event.sessions) add(drafts, id, event.seq, farewell(event, id));
  });
  const messages = new Map<string, Outgoing>();
  for (const [session, { seq, events }] of drafts) {
    const record = state.sessions.get(session);
    const applied = record?.applied ?? 0;
    const text = `{"after":${told.last(session)},"applied":${applied},"events":[${events.join()}]}`;
    const seenBytes = record && told.tell(session, seq, text);
    if (record === undefined) told.forget(session);
    messages.set(session, { text, seenBytes });
  }
  return messages;
}

function add(drafts: Map<string, Draft>, session: string, seq: number, text: string): void {
  const draft = drafts.get(session);
  if (draft === undefined) {
    drafts.set(session, { seq, events: [text] });
  } else {
    draft.seq = seq;
    draft.events.push(text);
  }
}

/** A session that is forgotten need not hear of all the others. */
function farewell(event: Event & { type: "swept" }, session: string): string {
  return JSON.stringify({ ...event, semaphores: [], sessions: [session] });
}
