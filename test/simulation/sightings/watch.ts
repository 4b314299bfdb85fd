/** Stands between the server and the auditor, and looks for rare paths in what goes by. */

import type { Event } from "../../../src/core/event.js";
import type { Data, StreamEntry } from "../redis/data.js";
import type { Observer } from "../redis/server.js";
import { EntrySightings } from "./entry-sightings.js";
import { EventSightings } from "./event-sightings.js";
import type { Sightings } from "./sightings.js";

export class Watch implements Observer {
  private readonly entries: EntrySightings;
  private readonly events: EventSightings;

  constructor(
    private readonly data: () => Data,
    private readonly auditor: Observer,
    private readonly sightings: Sightings,
  ) {
    this.entries = new EntrySightings(sightings.reached);
    this.events = new EventSightings(sightings.reached);
  }

  appended(entry: StreamEntry): void {
    this.entries.see(entry, this.sightings.isLate);
    this.auditor.appended(entry);
  }

  committed(epoch: number): void {
    const record = this.data().history.at(-1);
    const events: Event[] = JSON.parse(record?.events ?? "[]");
    for (const event of events) this.events.see(event);
    this.auditor.committed(epoch);
  }

  trimmed(entries: readonly StreamEntry[]): void {
    this.auditor.trimmed(entries);
  }

  claimed(epoch: number, candidate: string): void {
    this.auditor.claimed(epoch, candidate);
  }

  started(): void {
    this.events.restart(this.data());
    this.auditor.started();
  }
}
