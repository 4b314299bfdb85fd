/**
 * What users believe to hold, against what the log says (invariant 13): they hold what they were
 * told, and while their process runs they know of a loss before somebody else gets the slot. Where that is
 * not promised (exemptions.ts), they know of it in time.
 */

import { describeEvent } from "../../../src/core/describe.js";
import type { GrantedEvent, ReassertedEvent } from "../../../src/core/event.js";
import { demand } from "../failure.js";
import type { Host } from "../process/host.js";
import { Tally } from "../tally.js";
import type { Timeline } from "../timeline.js";
import { longestMsOf, reasonsFor, SLACK_MS } from "./exemptions.js";
import type { HistoryAudit, HoldEnd, HoldEvent } from "./history.js";
import { Hold, type Place, type Slot } from "./hold.js";

export { Hold, type Slot };

/** So much may pass from a grant until its user hears of it. */
const NEWS_MS = 5000;
/** The server's clock is taken to have jumped when it is off by more. */
const UNNOTICED_MS = 100;

/** How often a belief is looked at that should have ended, while its process stands still. */
const LOOK_MS = 5;

/** A holder believes, though somebody else got its slot. */
interface Overlap {
  readonly hold: Hold;
  /** Who got it. */
  readonly other: string;
  /** In true time, and by the holder's clock. */
  readonly since: number;
  readonly localSince: number;
  readonly complaint: string;
}

export class Holds {
  onFailure: (reason: unknown) => void = () => {};
  /** Whether somebody leads whose own clock is wrong. */
  isLedAstray: () => boolean = () => false;
  /** Whether it holds a slot, as the data says. */
  isKnown: (acquisition: string) => boolean = () => true;
  /** How many beliefs were wrong for a while, by the reasons for which they may be. */
  readonly excused = new Tally();
  private readonly told = new Map<string, HoldEvent>();
  private readonly taken = new Set<string>();
  /** Also where the data forgot it, and ended it in another way. */
  private readonly givenBack = new Set<string>();
  private believed: Hold[] = [];
  private settings: { readonly at: number; readonly ms: number }[] = [];
  private astrayAt = -Infinity;
  /** The highest of all grants; of those that were lost, and nobody noticed. */
  private lastToken = 0;
  private unnoticedUpTo = 0;
  /** After the last loss: for how long, and the highest token before it. */
  private pause = { upTo: 0, ms: 0 };
  /** The last grant of each slot. */
  private readonly owners = new Map<string, HoldEvent>();

  constructor(private readonly timeline: Timeline) {}

  /** The server's clock was set. */
  clockWasSet(ms: number): void {
    const setting = { at: this.timeline.now, ms: Math.abs(ms) };
    this.settings = [...this.settings.filter(({ at }) => this.isNews(at)), setting];
    for (const hold of this.believed) note(hold, setting.ms);
  }

  anotherLeads(): void {
    for (const hold of this.believed) hold.isUnsure ||= hold.setMs > 0;
  }

  /** Somebody leads, and decides. */
  committed(): void {
    if (!this.isLedAstray()) return;
    this.astrayAt = this.timeline.now;
    for (const hold of this.believed) hold.isLedAstray = true;
  }

  /** All data was lost, and whoever begins anew does not know that there was some. */
  lostUnnoticed(): void {
    this.unnoticedUpTo = this.lastToken;
    for (const hold of this.believed) hold.isLostUnnoticed = true;
  }

  /** Data was lost, and grants pause for so long. */
  pauses(ms: number): void {
    this.pause = { upTo: this.lastToken, ms };
    for (const hold of this.believed) waitedFor(hold, ms);
  }

  /** It was granted just so before, and that was forgotten. */
  wasGranted({ acquisition, slot, token }: GrantedEvent): boolean {
    const event = this.told.get(acquisition);
    return event?.slot === slot && event.token === token;
  }

  /** An acquire resolved. */
  begin(slot: Slot, place: Place): Hold {
    const event = this.told.get(slot.id);
    demand(13, event !== undefined, () => `${slot.id} holds, but was never granted`);
    const same = event?.slot === slot.slotNumber && event.token === slot.fencingToken;
    demand(13, same, () => `${slot.id} was told of another grant than the log's`);
    const hold = new Hold(slot, place);
    for (const { at, ms } of this.settings) if (this.isNews(at)) note(hold, ms);
    hold.isUnsure = hold.setMs > 0;
    hold.isLedAstray = this.isNews(this.astrayAt);
    hold.isTaken = this.taken.has(slot.id);
    // It was granted before the data was lost, and its user hears of it only now.
    hold.isLostUnnoticed = slot.fencingToken <= this.unnoticedUpTo;
    if (slot.fencingToken <= this.pause.upTo) waitedFor(hold, this.pause.ms);
    this.believed.push(hold);
    const owner = this.owners.get(placeOf(slot.semaphoreName, slot.slotNumber));
    if (owner && owner.token > slot.fencingToken && this.isReal(owner.acquisition)) {
      this.check(hold, complaint(hold, owner), owner.acquisition);
    }
    return hold;
  }

  /** A release was answered. */
  released(id: string, released: boolean, history: HistoryAudit): void {
    const end = history.ends.get(id);
    const said = end === undefined || !released || this.givenBack.has(id);
    demand(13, said, () => `${id} was told that it gave its slot back, but ${end?.reason} took it`);
  }

  /** By its id from elsewhere, or by force, the holder learns of it afterwards; also if that is forgotten again. */
  ended(event: HoldEnd): void {
    if (event.type === "released") this.givenBack.add(event.acquisition);
    if (event.by === undefined && event.reason !== "revoked") return;
    this.taken.add(event.acquisition);
    for (const hold of this.believed) hold.isTaken ||= hold.slot.id === event.acquisition;
  }

  /** Whoever else believes to hold the slot was judged when the later one of the two got it. */
  reasserted(event: ReassertedEvent): void {
    this.told.set(event.acquisition, event);
    this.taken.delete(event.acquisition);
    for (const hold of this.believed) if (hold.slot.id === event.acquisition) hold.isTaken = false;
    const place = placeOf(event.semaphore, event.slot);
    if ((this.owners.get(place)?.token ?? 0) < event.token) this.owners.set(place, event);
  }

  granted(event: GrantedEvent, history: HistoryAudit): void {
    this.lastToken = Math.max(this.lastToken, event.token);
    this.told.set(event.acquisition, event);
    this.owners.set(placeOf(event.semaphore, event.slot), event);
    this.believed = this.believed.filter((hold) => hold.isBelieved);
    for (const hold of this.believed) {
      const { semaphoreName, slotNumber } = hold.slot;
      if (semaphoreName !== event.semaphore || slotNumber !== event.slot) continue;
      this.check(hold, complaint(hold, event, history), event.acquisition);
    }
  }

  /** The process has gone on for a moment: it must have noticed what it lost meanwhile. */
  awake(host: Host): void {
    for (const hold of this.believed) {
      const { overtakenBy, slot } = hold;
      if (hold.host !== host || overtakenBy === undefined || !hold.isBelieved) continue;
      const complaint = `${host.name} woke up and still believes to hold ${slot.id}`;
      if (this.isReal(overtakenBy)) this.check(hold, complaint, overtakenBy);
    }
  }

  /** Somebody believes to hold it, or the data says so; else its grant was lost, and its holder knows. */
  private isReal(acquisition: string): boolean {
    const isBelieved = this.believed.some(
      (hold) => hold.slot.id === acquisition && hold.isBelieved,
    );
    return isBelieved || this.isKnown(acquisition);
  }

  /** Somebody else got the slot. */
  private check(hold: Hold, complaint: string, other: string): void {
    if (!hold.isBelieved) return;
    if (hold.host.state === "paused") {
      hold.overtakenBy = other;
      return;
    }
    demand(13, longestMsOf(hold) > 0, () => complaint);
    for (const reason of reasonsFor(hold)) this.excused.add(reason);
    const localSince = hold.place.clock.now();
    this.watch({ hold, other, since: this.timeline.now, localSince, complaint });
  }

  /** Until the belief has ended, or has lasted too long. */
  private watch(overlap: Overlap): void {
    const leftMs = Math.max(LOOK_MS, this.leftMsOf(overlap));
    this.timeline.after(leftMs, () => {
      if (!overlap.hold.isBelieved) return;
      if (!this.isReal(overlap.other)) return;
      // A paused one is asked when it has gone on.
      if (overlap.hold.host.state === "paused" || this.leftMsOf(overlap) > 0) this.watch(overlap);
      else this.complain(overlap);
    });
  }

  private leftMsOf({ hold, since, localSince }: Overlap): number {
    const leftMs = longestMsOf(hold) - (this.timeline.now - since);
    const localLeftMs = hold.intervalMs + SLACK_MS - (hold.place.clock.now() - localSince);
    return Math.min(leftMs, localLeftMs);
  }

  private complain({ since, complaint }: Overlap): void {
    const ms = Math.round(this.timeline.now - since);
    try {
      demand(13, false, () => `${complaint}, and goes on to believe so for ${ms} ms`);
    } catch (reason) {
      this.onFailure(reason);
    }
  }

  private isNews(at: number): boolean {
    return this.timeline.now - at < NEWS_MS;
  }
}

function note(hold: Hold, ms: number): void {
  hold.setMs += ms;
  if (ms <= UNNOTICED_MS) hold.nudgedMs += ms;
}

/** After a loss, grants paused for so long. */
function waitedFor(hold: Hold, pauseMs: number): void {
  hold.unpausedMs = Math.max(hold.unpausedMs, hold.intervalMs - pauseMs);
}

function placeOf(semaphore: string, slot: number): string {
  return `${semaphore}\n${slot}`;
}

function complaint({ slot, host }: Hold, event: HoldEvent, history?: HistoryAudit): string {
  const end = history?.ends.get(slot.id);
  const why = end ? describeEvent(end) : "it is not known any more";
  return (
    `${host.name} believes to hold ${slot.id}, slot ${slot.slotNumber} of ${slot.semaphoreName}, ` +
    `but ${event.acquisition} got it (${why})`
  );
}
