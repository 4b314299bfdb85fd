/** All that the page derives from a history, kept in step with it. Pure: it knows no page, no clock, no network. */

import type { Event } from "../../../core/event.js";
import { parseEntry } from "../../../history/line.js";
import { Lanes } from "./lanes.js";
import { Lookup } from "./lookup.js";
import { Timeline } from "./timeline.js";

/** Events that are kept at most, and how many of them stay when the oldest go. */
const KEPT_AT_MOST = 200_000;
const KEPT_AT_LEAST = 120_000;

/** Events that the scrubber marks: here something went wrong. */
export function isIncident({ type }: Event): boolean {
  return type === "expired" || type === "abandoned" || type === "restarted" || type === "revoked";
}

export class Model {
  readonly timeline = new Timeline();
  readonly lanes = new Lanes();
  readonly lookup = new Lookup();
  /** Numbers of the incidents. */
  incidents: number[] = [];
  private lines = 1;

  constructor(
    private readonly version: number,
    private readonly keptAtMost = KEPT_AT_MOST,
    private readonly keptAtLeast = KEPT_AT_LEAST,
  ) {}

  /**
   * Takes the next line of an export. Returns whether old events had to go.
   *
   * @throws HistoryError if it is damaged.
   */
  take(line: string): boolean {
    this.lines++;
    if (line.trim() === "") return false;
    const isFirst = !this.timeline.hasBegun;
    const events = this.timeline.take(parseEntry(line, this.lines, this.version));
    if (isFirst) this.lanes.begin(this.timeline.first());
    for (const event of events) {
      this.lanes.note(event);
      this.lookup.note(event);
      if (isIncident(event)) this.incidents.push(event.seq);
    }
    return this.timeline.events.length > this.keptAtMost && this.trim();
  }

  private trim(): boolean {
    if (!this.timeline.trim(this.keptAtLeast)) return false;
    const { start } = this.timeline;
    const { at } = this.timeline.markBefore(start);
    this.lanes.trim(start, at);
    this.lookup.trim(start);
    this.incidents = this.incidents.filter((seq) => seq > start);
    return true;
  }
}
