/** What one user believes to hold, and what has happened to make that belief wrong for a while. */

import type { Terms } from "../../../src/core/command.js";
import type { Host } from "../process/host.js";

/** What a user sees of it. */
export interface Slot {
  readonly id: string;
  readonly semaphoreName: string;
  readonly slotNumber: number;
  readonly fencingToken: number;
  readonly signal: AbortSignal;
  readonly state: string;
  readonly request: { readonly terms: Terms };
  release(): Promise<boolean>;
}

/** Whose clock the holder reads. */
export interface LocalClock {
  now(): number;
  /** How many milliseconds it has counted too few, beyond the drift that is allowed. */
  readonly lostMs: number;
}

/** Where somebody holds. */
export interface Place {
  readonly host: Host;
  readonly clock: LocalClock;
}

export class Hold {
  /** Its user has given it back, or said that he wants to. */
  givenBack = false;
  /** Somebody else got the slot while the process stood still. */
  overtakenBy: string | undefined = undefined;
  /** Its slot was given back by its id from elsewhere, or taken by force. */
  isTaken = false;
  /** By how much the server's clock was set meanwhile: in all, and by steps that nobody may notice. */
  setMs = 0;
  nudgedMs = 0;
  /** Another leader came since, who cannot know by how much it was set. */
  isUnsure = false;
  /** A leader decided meanwhile whose own clock was wrong. */
  isLedAstray = false;
  /** All data was lost, and whoever began anew did not know that there was some. */
  isLostUnnoticed = false;
  /** By how much longer it may be silent than grants paused after a loss. */
  unpausedMs = 0;
  readonly intervalMs: number;

  constructor(
    readonly slot: Slot,
    readonly place: Place,
  ) {
    this.intervalMs = slot.request.terms.heartbeatMaxIntervalMs ?? Infinity;
    // Made lazily, and the check must not be what makes it.
    void slot.signal;
  }

  get host(): Host {
    return this.place.host;
  }

  get isBelieved(): boolean {
    const { signal, state } = this.slot;
    // Somebody else may have given it back by its id, and told its holder.
    const hasEnded = this.givenBack || signal.aborted || state === "released";
    return !hasEnded && this.host.state !== "dead";
  }
}
