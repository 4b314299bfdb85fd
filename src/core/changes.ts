/**
 * Which records events change, so that a stored copy of the state can follow it record by record.
 * The leader notes every event of a commit, right after it was applied or once all were, and then
 * writes what is live of the noted, and deletes the rest.
 */

import { type AbandonedEvent, answeredSession, type Event } from "./event.js";
import type { State } from "./state.js";

export class Changes {
  /** Names. A semaphore counts as changed, too, when it has more or fewer holders or waiters. */
  readonly semaphores = new Set<string>();
  /** Ids, by the name of the semaphore. An id may end on one and begin anew on another. */
  readonly acquisitions = new Map<string, Set<string>>();
  /** Ids. */
  readonly sessions = new Set<string>();

  /** The event has been applied to the state. */
  note(state: State, event: Event): void {
    // Whoever is answered was heard.
    const heard = event.type === "refused" ? undefined : answeredSession(event);
    if (heard !== undefined) this.sessions.add(heard);
    switch (event.type) {
      case "queued":
      case "granted":
        this.noteAcquisition(event.semaphore, event.acquisition);
        this.semaphores.add(event.semaphore);
        return;
      case "reasserted":
        if (event.from !== undefined) this.sessions.add(event.from);
        this.noteAcquisition(event.semaphore, event.acquisition);
        this.semaphores.add(event.semaphore);
        return;
      case "released":
      case "expired":
        this.noteEnd(event);
        return;
      case "abandoned":
        if (wasQueued(event.reason)) this.noteEnd(event);
        return;
      case "revoked":
        this.noteAcquisition(event.semaphore, event.acquisition);
        return;
      case "declared":
      case "resized":
        this.semaphores.add(event.semaphore);
        return;
      case "resumed":
        for (const { id, watches } of state.sessions.values()) {
          if (watches.size > 0) this.sessions.add(id);
        }
        return;
      case "swept":
        for (const name of event.semaphores) this.semaphores.add(name);
        for (const id of event.sessions) this.sessions.add(id);
        return;
      case "heartbeat":
      case "left":
      case "ignored":
      case "refused":
      case "rebased":
      case "restarted":
      case "ticked":
        return;
    }
  }

  /** Its session may own nothing from now on, or need no heartbeat of this interval. */
  private noteEnd(event: { semaphore: string; acquisition: string; session: string }): void {
    this.noteAcquisition(event.semaphore, event.acquisition);
    this.semaphores.add(event.semaphore);
    this.sessions.add(event.session);
  }

  private noteAcquisition(semaphore: string, id: string): void {
    const noted = this.acquisitions.get(semaphore);
    if (noted) noted.add(id);
    else this.acquisitions.set(semaphore, new Set([id]));
  }
}

/** Whether it was live before; an acquire that was turned away never was. */
function wasQueued(reason: AbandonedEvent["reason"]): boolean {
  switch (reason) {
    case "timeout":
    case "cancelled":
    case "lost":
      return true;
    case "busy":
    case "queue-full":
    case "value-mismatch":
      return false;
  }
}
