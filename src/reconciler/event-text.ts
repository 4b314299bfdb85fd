/**
 * Events as JSON, the same as `JSON.stringify` writes. A leader writes every event, and for those that
 * make up nearly all of them this takes a third of the time.
 */

import type { Event } from "../core/event.js";

const quoted = JSON.stringify;

/** What most events begin with, but for their type: whom they are about. */
interface About {
  readonly semaphore: string;
  readonly acquisition: string;
  readonly session: string;
}

export class EventTexts {
  /** An acquisition that is granted at once has two events in a row. */
  private last: About = { semaphore: "", acquisition: "", session: "" };
  private lastText = "";

  of(event: Event): string {
    switch (event.type) {
      case "queued":
        return (
          `{"seq":${event.seq},"at":${event.at},"type":"queued",${this.about(event)},"number":${event.number},` +
          `"value":${event.value},"position":${event.position},"terms":${quoted(event.terms)}}`
        );
      case "granted":
        return (
          `{"seq":${event.seq},"at":${event.at},"type":"granted",${this.about(event)},"slot":${event.slot},` +
          `"token":${event.token}}`
        );
      case "released":
        return (
          `{"seq":${event.seq},"at":${event.at},"type":"released",${this.about(event)},` +
          `"reason":"${event.reason}"${by(event.by)}${number(event.number)}}`
        );
      default:
        return quoted(event);
    }
  }

  private about(event: About): string {
    const { semaphore, acquisition, session } = event;
    const { last } = this;
    if (
      acquisition !== last.acquisition ||
      semaphore !== last.semaphore ||
      session !== last.session
    ) {
      this.last = event;
      this.lastText = `"semaphore":${quoted(semaphore)},"acquisition":${quoted(acquisition)},"session":${quoted(session)}`;
    }
    return this.lastText;
  }
}

function by(session: string | undefined): string {
  return session === undefined ? "" : `,"by":${quoted(session)}`;
}

function number(number: number | undefined): string {
  return number === undefined ? "" : `,"number":${number}`;
}
