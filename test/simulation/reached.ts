/**
 * Rare paths, counted where the world can see from outside that they were taken. Simulated faults prove
 * nothing about a path that no world takes, so a run of many worlds must take each of them.
 */

import { type Counts, Tally } from "./tally.js";

/** What a run of many worlds must see. Where it is seen: `sightings/`. */
export const PATHS = [
  // Acquisitions, by the events that the log commits.
  "a grant met a cancel that was under way",
  "a waiter's time was over",
  "a silent waiter left the queue",
  "a try found no slot",
  "a queue was full",
  "an acquire brought a value that did not match",
  "an acquire brought another value for an idle semaphore",
  "a grant outlived its TTL",
  "a silent holder lost its slot",
  "a slot was taken by force",
  "a revoked holder gave back",
  "a slot came back by its id",
  "a session left with what it held",
  "a release came too late",
  "a cancel came too late",
  "a revoke came too late",
  "a shrink left a debt",
  "a debt was paid off",
  // Sessions and entries.
  "a resent entry was refused as a duplicate",
  "a gap was refused",
  "a stranger was refused",
  "an entry was written twice",
  "an old connection's entry came after a new one's",
  "a process went on under another session",
  "a session was swept",
  "memory was full when somebody asked",
  // Messages and connections.
  "a message was lost",
  "a message came late",
  "a message came twice",
  "a report brought what no message had",
  "what a session wrote was lost with its connection",
  "what a session wrote came after its connection had ended",
  "a reply was lost after its effect",
  // Leaders.
  "a commit of an old epoch was refused",
  "a commit came twice, or out of turn",
  "a commit whose reply was lost was found done",
  "a commit that got lost was sent again",
  "a leader could not renew and stepped down",
  "a leader was fenced",
  "a leader resigned and another one followed at once",
  "two believed to lead at once",
  "a checkpoint was written",
  "the history was trimmed",
  // Time.
  "the clock was set ahead",
  "the clock was set back",
  "a jump of the clock was taken out of the deadlines",
  "silence was excused, for nobody could be heard",
  // Loss of data.
  "the data went back to an older state",
  "all data was lost while somebody held",
  "a restart paused grants",
  "somebody came to wait in the pause",
  "a grant came right after the pause",
  // Re-assertion.
  "a holder asserted what was forgotten",
  "a holder asserted what was known",
  "an assertion came too late",
  "an assertion took the slot from a lower token",
  // Beliefs of holders.
  "a holder gave up before the log took its slot",
  "a paused holder woke up after its slot was given away",
] as const;

export type Path = (typeof PATHS)[number];

export class Reached {
  private readonly tally = new Tally<Path>();

  count(path: Path): void {
    this.tally.add(path);
  }

  /** Of all paths, also of those that were not taken. */
  get counts(): Counts {
    return Object.fromEntries(PATHS.map((path) => [path, this.tally.of(path)]));
  }
}

/** Those that no world took. */
export function missedOf(counts: Counts): Path[] {
  return PATHS.filter((path) => !counts[path]);
}
