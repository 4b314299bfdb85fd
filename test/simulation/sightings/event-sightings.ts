/** Which rare paths the committed events show. */

import type {
  AbandonedEvent,
  Event,
  ExpiredEvent,
  GrantedEvent,
  IgnoredEvent,
  ReassertedEvent,
  ReleasedEvent,
} from "../../../src/core/event.js";
import type { Path, Reached } from "../reached.js";
import type { Data } from "../redis/data.js";

/** A grant so soon after the pause waited for its end. */
const SOON_MS = 200;

const TURNED_AWAY: Readonly<Record<AbandonedEvent["reason"], Path | undefined>> = {
  timeout: "a waiter's time was over",
  lost: "a silent waiter left the queue",
  busy: "a try found no slot",
  "queue-full": "a queue was full",
  cancelled: undefined,
  "value-mismatch": "an acquire brought a value that did not match",
};

interface Slots {
  readonly holders: Set<string>;
  size: number;
}

export class EventSightings {
  private readonly semaphores = new Map<string, Slots>();
  private readonly revoked = new Set<string>();
  /** Log time; until the first grant after it. */
  private pausedUntil = -Infinity;

  constructor(private readonly reached: Reached) {}

  /** The server goes on with this data, which may be older than what was there. */
  restart({ semaphores, acquisitions }: Data): void {
    this.semaphores.clear();
    this.revoked.clear();
    for (const [name, text] of semaphores) {
      const record: { readonly effective: number } = JSON.parse(text);
      this.slotsOf(name, record.effective);
    }
    for (const [key, text] of acquisitions) {
      const [semaphore = "", id = ""] = key.split("\n");
      const record: { readonly grant: object | null; readonly revoked: boolean } = JSON.parse(text);
      if (record.grant) this.slotsOf(semaphore, 0).holders.add(id);
      if (record.revoked) this.revoked.add(id);
    }
  }

  see(event: Event): void {
    switch (event.type) {
      case "queued":
        this.slotsOf(event.semaphore, event.value);
        if (event.at < this.pausedUntil) this.count("somebody came to wait in the pause");
        return;
      case "granted":
        this.granted(event);
        return;
      case "released":
        this.released(event);
        return;
      case "expired":
        this.expired(event);
        return;
      case "abandoned":
        this.count(TURNED_AWAY[event.reason]);
        return;
      case "revoked":
        this.revoked.add(event.acquisition);
        return;
      case "resized":
        this.resized(this.slotsOf(event.semaphore, event.declared), event.effective);
        return;
      case "refused":
        this.count(REFUSED[event.reason]);
        return;
      case "ignored":
        this.ignored(event);
        return;
      case "resumed":
        this.count("silence was excused, for nobody could be heard");
        return;
      case "rebased":
        this.count("a jump of the clock was taken out of the deadlines");
        if (this.pausedUntil > event.at - event.byMs) this.pausedUntil += event.byMs;
        return;
      case "restarted":
        this.count("a restart paused grants");
        this.pausedUntil = event.pausedUntil;
        return;
      case "swept":
        if (event.sessions.length > 0) this.count("a session was swept");
        for (const name of event.semaphores) this.semaphores.delete(name);
        return;
      case "reasserted":
        this.reasserted(event);
        return;
      case "declared":
        this.count("an acquire brought another value for an idle semaphore");
        return;
      case "heartbeat":
      case "left":
      case "ticked":
        return;
    }
  }

  private granted({ semaphore, acquisition, at }: GrantedEvent): void {
    this.slotsOf(semaphore, 0).holders.add(acquisition);
    if (at < this.pausedUntil) return;
    if (at < this.pausedUntil + SOON_MS) this.count("a grant came right after the pause");
    this.pausedUntil = -Infinity;
  }

  private released({ semaphore, acquisition, reason, by }: ReleasedEvent): void {
    this.freed(semaphore, acquisition);
    if (reason === "cancelled") this.count("a grant met a cancel that was under way");
    if (reason === "left") this.count("a session left with what it held");
    if (by !== undefined) this.count("a slot came back by its id");
    if (this.revoked.delete(acquisition)) this.count("a revoked holder gave back");
  }

  private expired({ semaphore, acquisition, reason }: ExpiredEvent): void {
    this.freed(semaphore, acquisition);
    this.revoked.delete(acquisition);
    if (reason === "ttl") this.count("a grant outlived its TTL");
    if (reason === "heartbeat") this.count("a silent holder lost its slot");
    if (reason === "superseded") this.count("an assertion took the slot from a lower token");
    if (reason === "revoked") this.count("a slot was taken by force");
  }

  private reasserted({ semaphore, acquisition, value }: ReassertedEvent): void {
    const { holders } = this.slotsOf(semaphore, value);
    const isKnown = holders.has(acquisition);
    this.count(
      isKnown ? "a holder asserted what was known" : "a holder asserted what was forgotten",
    );
    holders.add(acquisition);
  }

  private ignored({ command, reason }: IgnoredEvent): void {
    if (command === "release") this.count("a release came too late");
    if (command === "cancel") this.count("a cancel came too late");
    if (command === "revoke") this.count("a revoke came too late");
    if (reason === "too-late") this.count("an assertion came too late");
  }

  private freed(semaphore: string, acquisition: string): void {
    const { holders, size } = this.slotsOf(semaphore, 0);
    if (holders.delete(acquisition) && holders.size === size) this.count("a debt was paid off");
  }

  private resized(slots: Slots, size: number): void {
    slots.size = size;
    if (slots.holders.size > size) this.count("a shrink left a debt");
  }

  private slotsOf(semaphore: string, size: number): Slots {
    const known = this.semaphores.get(semaphore);
    if (known) return known;
    const slots = { holders: new Set<string>(), size };
    this.semaphores.set(semaphore, slots);
    return slots;
  }

  private count(path: Path | undefined): void {
    if (path) this.reached.count(path);
  }
}

const REFUSED = {
  duplicate: "a resent entry was refused as a duplicate",
  gap: "a gap was refused",
  stranger: "a stranger was refused",
} as const;
