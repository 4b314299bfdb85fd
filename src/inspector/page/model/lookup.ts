/** Finds the events about one acquisition, and the heartbeats of one session, without looking at all of them. */

import type { Event } from "../../../core/event.js";

export class Lookup {
  private readonly byAcquisition = new Map<string, Event[]>();
  private readonly heartbeats = new Map<string, Event[]>();

  note(event: Event): void {
    if (event.type === "heartbeat") put(this.heartbeats, event.session, event);
    else if ("acquisition" in event && event.acquisition !== undefined) {
      put(this.byAcquisition, event.acquisition, event);
    }
  }

  /** What is about the acquisition, oldest first. */
  about(acquisition: string): readonly Event[] {
    return this.byAcquisition.get(acquisition) ?? [];
  }

  heartbeatsOf(session: string): readonly Event[] {
    return this.heartbeats.get(session) ?? [];
  }

  /** Ids that contain the text, newest first. */
  find(text: string, limit: number): string[] {
    const wanted = text.toLowerCase();
    const found: string[] = [];
    for (const id of [...this.byAcquisition.keys()].reverse()) {
      if (id.toLowerCase().includes(wanted)) found.push(id);
      if (found.length === limit) break;
    }
    return found;
  }

  /** Forgets the events up to this one. */
  trim(seq: number): void {
    cut(this.byAcquisition, seq);
    cut(this.heartbeats, seq);
  }
}

function put(index: Map<string, Event[]>, key: string, event: Event): void {
  const list = index.get(key);
  if (list) list.push(event);
  else index.set(key, [event]);
}

function cut(index: Map<string, Event[]>, seq: number): void {
  for (const [key, list] of index) {
    const place = list.findIndex((event) => event.seq > seq);
    if (place < 0) index.delete(key);
    else if (place > 0) list.splice(0, place);
  }
}
