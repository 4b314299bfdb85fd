/**
 * What users believe to hold, against what the log says (invariant 13): they hold what they were
 * told, and while their process runs they know of a loss before somebody else gets the slot.
 */

import { describeEvent } from "../../../src/core/describe.js";
import { demand } from "../failure.js";
import type { Host } from "../process/host.js";
import type { Timeline } from "../timeline.js";
import type { HistoryAudit, HoldEvent } from "./history.js";

/** What a user sees of it. */
export interface Slot {
  readonly id: string;
  readonly semaphoreName: string;
  readonly slotNumber: number;
  readonly fencingToken: number;
  readonly signal: AbortSignal;
  readonly state: string;
  release(): Promise<boolean>;
}

export class Hold {
  /** Its user has given it back, or said that he wants to. */
  givenBack = false;
  /** Somebody else got the slot while the process stood still. */
  overtaken = false;
  /** The server's clock was set meanwhile. */
  sawClockSet = false;
  /** And then another leader came, who cannot know by how much it was set. */
  isUnsure = false;

  constructor(
    readonly slot: Slot,
    readonly host: Host,
  ) {
    // Made lazily, and the check must not be what makes it.
    void slot.signal;
  }

  get isBelieved(): boolean {
    const { signal, state } = this.slot;
    // Somebody else may have given it back by its id, and told its holder.
    const hasEnded = this.givenBack || signal.aborted || state === "released";
    return !hasEnded && this.host.state !== "dead";
  }
}

/** So much may pass from a grant until its user hears of it. */
const NEWS_MS = 5000;

export class Holds {
  private readonly told = new Map<string, HoldEvent>();
  private believed: Hold[] = [];
  private clockSetAt = -Infinity;
  /** The last grant of each slot. */
  private readonly owners = new Map<string, HoldEvent>();

  constructor(private readonly timeline: Timeline) {}

  /** The server's clock was set. */
  clockWasSet(): void {
    this.clockSetAt = this.timeline.now;
    for (const hold of this.believed) hold.sawClockSet = true;
  }

  anotherLeads(): void {
    for (const hold of this.believed) hold.isUnsure ||= hold.sawClockSet;
  }

  /** An acquire resolved. */
  begin(slot: Slot, host: Host, history: HistoryAudit): Hold {
    const event = this.told.get(slot.id);
    demand(13, event !== undefined, () => `${slot.id} holds, but was never granted`);
    const same = event?.slot === slot.slotNumber && event.token === slot.fencingToken;
    demand(13, same, () => `${slot.id} was told of another grant than the log's`);
    const hold = new Hold(slot, host);
    hold.sawClockSet = this.timeline.now - this.clockSetAt < NEWS_MS;
    hold.isUnsure = hold.sawClockSet;
    this.believed.push(hold);
    const owner = this.owners.get(placeOf(slot.semaphoreName, slot.slotNumber));
    if (owner && owner.token > slot.fencingToken) this.check(hold, owner, history);
    return hold;
  }

  /** A release was answered. */
  released(id: string, released: boolean, history: HistoryAudit): void {
    const end = history.ends.get(id);
    const said = end === undefined || !released || end.type === "released";
    demand(13, said, () => `${id} was told that it gave its slot back, but ${end?.reason} took it`);
  }

  granted(event: HoldEvent, history: HistoryAudit): void {
    this.told.set(event.acquisition, event);
    this.owners.set(placeOf(event.semaphore, event.slot), event);
    this.believed = this.believed.filter((hold) => hold.isBelieved);
    for (const hold of this.believed) {
      const { semaphoreName, slotNumber } = hold.slot;
      if (semaphoreName !== event.semaphore || slotNumber !== event.slot) continue;
      if (hold.slot.id === event.acquisition) continue;
      this.check(hold, event, history);
    }
  }

  /** Somebody else got the slot. */
  private check(hold: Hold, event: HoldEvent, history: HistoryAudit): void {
    if (!hold.isBelieved || hold.isUnsure || wasTakenByOthers(hold.slot.id, history)) return;
    if (hold.host.state === "paused") hold.overtaken = true;
    else demand(13, false, () => complaint(hold, event, history));
  }

  /** The process has gone on for a moment: it must have noticed what it lost meanwhile. */
  awake(host: Host): void {
    for (const hold of this.believed) {
      if (hold.host !== host || !hold.overtaken || !hold.isBelieved) continue;
      demand(13, false, () => `${host.name} woke up and still believes to hold ${hold.slot.id}`);
    }
  }
}

function placeOf(semaphore: string, slot: number): string {
  return `${semaphore}\n${slot}`;
}

/** By its id from elsewhere, or by force: then the holder learns of it afterwards. */
function wasTakenByOthers(id: string, { ends }: HistoryAudit): boolean {
  const end = ends.get(id);
  return end !== undefined && (end.by !== undefined || end.reason === "revoked");
}

function complaint({ slot, host }: Hold, event: HoldEvent, { ends }: HistoryAudit): string {
  const end = ends.get(slot.id);
  const why = end ? describeEvent(end) : "it is not known any more";
  return (
    `${host.name} believes to hold ${slot.id}, slot ${slot.slotNumber} of ${slot.semaphoreName}, ` +
    `but ${event.acquisition} got it (${why})`
  );
}
