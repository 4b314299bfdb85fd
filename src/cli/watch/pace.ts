/** How often the state of a fleet may be read, so that reading it never takes more than so many commands a second. */

/** What the state may take; with what every look takes besides, 40 a second at four looks. */
const COMMANDS_A_SECOND = 24;
/** A page of HSCAN goes through so many records. */
const RECORDS_A_PAGE = 1_000;

/** At most: one scan of the semaphores, and two of the acquisitions with the shift of log time. */
export function commandsAStateTakes(counts: {
  readonly semaphores: number;
  readonly acquisitions: number;
}): number {
  return pages(counts.semaphores) + 2 * (pages(counts.acquisitions) + 1);
}

/** Redis goes through the table of a hash, which has at most twice as many places as records. */
function pages(records: number): number {
  return Math.max(1, Math.ceil((2 * records) / RECORDS_A_PAGE));
}

export class Pace {
  private dueAt = -Infinity;

  /** @param now milliseconds of a clock that never goes back */
  isDue(now: number): boolean {
    return now >= this.dueAt;
  }

  spend(commands: number, now: number): void {
    this.dueAt = now + (commands * 1_000) / COMMANDS_A_SECOND;
  }
}
