/**
 * When two may believe to hold the same slot, and for how long at most: where docs/ARCHITECTURE.md promises
 * no more. Counted from the grant to the other one. Whatever the reason: the holder's own clock does not
 * count on for longer than its `heartbeatMaxIntervalMs`. While a process stands still it believes nothing.
 */

import type { Hold } from "./hold.js";

export interface Exemption {
  readonly name: string;
  /** For how long, in milliseconds of true time; 0 if the condition does not hold. */
  longestMs(hold: Hold): number;
}

/** Clocks cut off fractions, and timers ring a moment late. */
export const SLACK_MS = 20;
/** Of an interval that the log measures, so much passes at a holder at least. */
const SAFE_SHARE = 0.99;

export const EXEMPTIONS: readonly Exemption[] = [
  {
    // Then the holder is told afterwards; where it cannot be told, its own deadline ends it.
    name: "its slot was given back by its id from elsewhere, or taken by force",
    longestMs: (hold) => (hold.isTaken ? Infinity : 0),
  },
  {
    // The promise is for clocks that differ by no more than one hundredth.
    name: "its clock was slow, or stood still",
    longestMs: ({ place }) => place.clock.lostMs / SAFE_SHARE,
  },
  {
    // Each new leader takes the server's clock as it finds it.
    name: "the server's clock was set, and another leader came",
    longestMs: (hold) => (hold.isUnsure ? hold.setMs : 0),
  },
  {
    // See docs/decisions/014-a-clock-that-is-set-back.md.
    name: "the server's clock was set by less than anybody notices",
    longestMs: (hold) => hold.nudgedMs,
  },
  {
    // By its own clock alone can a leader tell by how much the server's was set, or that it was set at all.
    name: "the server's clock was set while that of a leader was wrong",
    longestMs: (hold) => (hold.isLedAstray ? hold.setMs : 0),
  },
  {
    // See docs/decisions/010-witnesses-of-lost-data.md.
    name: "all data was lost, and nobody was there who had seen some",
    longestMs: (hold) => (hold.isLostUnnoticed ? Infinity : 0),
  },
  {
    // See docs/OPEN.md: the interval was lost with the data, and whoever leads was configured with a shorter one.
    name: "data was lost, and grants paused for less than it may be silent",
    longestMs: (hold) => hold.unpausedMs / SAFE_SHARE,
  },
];

/** The names of those that apply. */
export function reasonsFor(hold: Hold): string[] {
  return EXEMPTIONS.filter((exemption) => exemption.longestMs(hold) > 0).map(({ name }) => name);
}

/** For how long it may believe, after somebody else got its slot; 0 if not at all. Several reasons add up. */
export function longestMsOf(hold: Hold): number {
  const longestMs = EXEMPTIONS.reduce((sum, exemption) => sum + exemption.longestMs(hold), 0);
  return longestMs > 0 ? longestMs + SLACK_MS : 0;
}
