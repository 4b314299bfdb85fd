/**
 * A history without what must differ from mode to mode, and from run to run. That is:
 *
 * - times and `seq`: each mode has a clock of its own, and other semaphores in its log;
 * - ids of acquisitions and sessions, which are random: they are named in the order in which they come up;
 * - fencing tokens, which begin with log time: they are counted, and it is said if one does not rise;
 * - numbers of commands: heartbeats have some, and come when time says so;
 * - who noticed first that a short time was over, the log or the user's own clock: that sends `release` or `cancel`,
 *   before or after the log has ended it.
 */

import { describeEvent } from "../../src/core/describe.js";
import type { Event } from "../../src/index.js";
import { FLEETING_MS } from "./actions.js";

export function linesOf(events: readonly Event[]): string[] {
  const names = new Names();
  const fleeting = new Set<string>();
  let [token, grants] = [0, 0];
  return events.map((event) => {
    names.note(event);
    const line = names.in(describeEvent(event));
    switch (event.type) {
      case "queued":
        if (event.terms.ttlMs === FLEETING_MS) fleeting.add(event.acquisition);
        return line;
      case "granted": {
        const rises = event.token > token;
        token = event.token;
        return line.replace(/token=\d+/, `token=${rises ? "" : "does not rise: "}${++grants}`);
      }
      case "released":
      case "expired":
        return fleeting.has(event.acquisition) ? `over ${names.in(event.acquisition)}` : line;
      case "abandoned":
        return event.reason === "timeout" ? line.replace(/ by .*/, "") : line;
      default:
        return line;
    }
  });
}

class Names {
  private readonly names = new Map<string, string>();
  private sessions = 0;
  private acquisitions = 0;

  note(event: Event): void {
    for (const id of [event.session, event.by]) {
      if (id !== undefined && !this.names.has(id)) this.names.set(id, `s${++this.sessions}`);
    }
    const id = "acquisition" in event ? event.acquisition : undefined;
    if (id !== undefined && !this.names.has(id)) this.names.set(id, `a${++this.acquisitions}`);
  }

  /** Names for ids in a line, and no numbers of commands. */
  in(line: string): string {
    const words = line.split(" ").map((word) => word.replace(/#\d+$/, ""));
    return words.map((word) => this.names.get(word) ?? word).join(" ");
  }
}
