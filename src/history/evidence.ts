/**
 * Of all events of a history, the few that tell why one acquisition is as it is. What is kept depends on how much is live,
 * not on how long the history is.
 */

import {
  type AcquisitionEvent,
  answeredSession,
  type Event,
  type GrantedEvent,
  type ReassertedEvent,
} from "../core/event.js";
import type { AcquisitionRecord, State } from "../core/state.js";
import type { Onlooker } from "./moment.js";

export class Evidence implements Onlooker {
  /** `seq` of the first event that was looked at. */
  from: number | undefined = undefined;
  private readonly own: AcquisitionEvent[] = [];
  /** What came before its last event, as far as it matters. */
  private before: Event[] = [];
  /** Who said after its last event that he holds a slot. */
  private after: ReassertedEvent[] = [];
  /** Of whom a slot is, by acquisition: since when. */
  private readonly taken = new Map<string, GrantedEvent | ReassertedEvent>();
  /** The last that was heard of each session. */
  private readonly heard = new Map<string, Event>();
  private pause: Event | undefined = undefined;

  constructor(private readonly id: string) {}

  begin(state: State): void {
    for (const record of state.acquisitions.values()) {
      const event = grantOf(record);
      if (event) this.taken.set(record.id, event);
    }
  }

  note(event: Event): void {
    this.from ??= event.seq;
    if ("acquisition" in event && event.type !== "ignored" && event.acquisition === this.id) {
      this.noteOwn(event);
    }
    this.follow(event);
  }

  /** Oldest first. */
  events(): Event[] {
    const all = new Map([...this.before, ...this.own, ...this.after].map((one) => [one.seq, one]));
    return [...all.values()].sort((a, b) => a.seq - b.seq);
  }

  private noteOwn(event: AcquisitionEvent): void {
    this.own.push(event);
    this.after = [];
    const holders = [...this.taken.values()].filter(
      ({ semaphore }) => semaphore === event.semaphore,
    );
    this.before = [this.heard.get(event.session), this.pause, ...holders].filter(
      (one) => one !== undefined,
    );
  }

  private follow(event: Event): void {
    const session = event.type === "refused" ? undefined : answeredSession(event);
    if (session !== undefined) this.heard.set(session, event);
    switch (event.type) {
      case "reasserted":
        if (event.acquisition !== this.id && this.after.length === 0) this.noteSuccessor(event);
        this.taken.set(event.acquisition, event);
        return;
      case "granted":
        this.taken.set(event.acquisition, event);
        return;
      case "released":
      case "expired":
        this.taken.delete(event.acquisition);
        return;
      case "restarted":
        this.pause = event;
        return;
      case "swept":
        for (const id of event.sessions) this.heard.delete(id);
        return;
      case "queued":
      case "abandoned":
      case "revoked":
      case "declared":
      case "resized":
      case "heartbeat":
      case "left":
      case "ignored":
      case "refused":
      case "resumed":
      case "rebased":
      case "ticked":
        return;
    }
  }

  /** Who takes its slot from it says so in the same step. */
  private noteSuccessor(event: ReassertedEvent): void {
    const last = this.own.at(-1);
    const isSuperseded = last?.type === "expired" && last.reason === "superseded";
    if (isSuperseded && last.semaphore === event.semaphore) this.after.push(event);
  }
}

/** The grant that a checkpoint knows of. */
function grantOf({ id, semaphore, session, sequence, grant }: AcquisitionRecord) {
  if (grant === undefined) return undefined;
  const { slot, token, at } = grant;
  const about = { semaphore: semaphore.name, acquisition: id, session: session.id };
  return { seq: sequence, at, type: "granted" as const, ...about, slot, token };
}
