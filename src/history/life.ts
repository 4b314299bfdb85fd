/** The life of one acquisition as real XState snapshots, for whoever looks: the inspector, a test, a debugger. */

import { initialTransition, type SnapshotFrom, transition } from "xstate";
import type { AcquisitionEvent, Event } from "../core/event.js";
import { acquisitionMachine, type MachineEvent } from "../core/machine.js";
import type { State } from "../core/state.js";
import { type Beginning, begin } from "./beginning.js";
import type { Entries } from "./entry.js";
import { eventsOf } from "./parts.js";

/** What `acquisitionMachine` is in at some moment. */
export type AcquisitionMachineSnapshot = SnapshotFrom<typeof acquisitionMachine>;

/** One step of a life. */
export interface LifeStep {
  readonly event: Event;
  /** After the event; some, as `revoked`, change nothing. */
  readonly snapshot: AcquisitionMachineSnapshot;
}

/**
 * The life of the acquisition with this id, event by event, with heartbeats of its session while it holds a slot. Empty if
 * nothing that is kept is about it. If it began before that, its life begins with the first event that is kept; if it
 * was lost with the data, with the one that says so.
 *
 * @throws HistoryError if the history is damaged, or has no beginning.
 */
export async function replayAcquisition(entries: Entries, id: string): Promise<LifeStep[]> {
  const life = new Life(id);
  let beginning: Beginning | undefined;
  for await (const entry of entries) {
    const isFirst = beginning === undefined;
    beginning ??= begin(entry);
    for (const event of eventsOf(entry)) life.follow(event);
    if (isFirst && beginning.trimmed) life.recall(beginning.state);
  }
  return life.steps;
}

export class Life {
  readonly steps: LifeStep[] = [];
  private snapshot: AcquisitionMachineSnapshot | undefined = undefined;
  private session: string | undefined = undefined;

  constructor(private readonly id: string) {}

  /** What a checkpoint knows of one that began before. Whether it has had a heartbeat is not kept; the next one tells. */
  recall(state: State): void {
    const record = state.acquisitions.get(this.id);
    if (record === undefined) return;
    this.session = record.session.id;
    this.move(record.grant && { type: "granted" });
  }

  follow(event: Event): void {
    if (event.type === "heartbeat") {
      if (event.session === this.session && this.isHeld) this.step(event, { type: "heartbeat" });
    } else if (
      "acquisition" in event &&
      event.acquisition === this.id &&
      event.type !== "ignored"
    ) {
      this.session = event.session;
      if (this.snapshot === undefined && happensToHolder(event)) this.move({ type: "granted" });
      this.step(event, machineEvent(event));
    }
  }

  private get isHeld(): boolean {
    return (
      this.snapshot?.matches("held") === true || this.snapshot?.matches("heartbeating") === true
    );
  }

  private step(event: Event, moved: MachineEvent | undefined): void {
    this.steps.push({ event, snapshot: this.move(moved) });
  }

  /** Whatever happens to one that has ended, or was not known, begins another life. */
  private move(event: MachineEvent | undefined): AcquisitionMachineSnapshot {
    const { snapshot } = this;
    const current = snapshot?.status === "active" ? snapshot : bornAs(this.id);
    this.snapshot =
      event === undefined ? current : transition(acquisitionMachine, current, event)[0];
    return this.snapshot;
  }
}

function bornAs(acquisition: string): AcquisitionMachineSnapshot {
  return initialTransition(acquisitionMachine, { acquisition })[0];
}

/** What the event is to the machine; nothing if the machine stays where it is, or where it begins. */
function machineEvent(event: AcquisitionEvent): MachineEvent | undefined {
  switch (event.type) {
    case "granted":
    case "released":
    case "reasserted":
      return { type: event.type };
    case "expired":
      return { type: event.type, reason: event.reason };
    case "abandoned":
      return { type: event.type, reason: event.reason };
    case "queued":
    case "revoked":
      return undefined;
  }
}

/** Whether only what holds a slot can come to this. */
function happensToHolder({ type }: AcquisitionEvent): boolean {
  return type === "released" || type === "expired" || type === "revoked";
}
