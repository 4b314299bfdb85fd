/** How many acquisitions of which semaphore wait, or hold: counted as they come and go, read when somebody asks. */

import type { AcquisitionAsked } from "../telemetry.js";
import type { Attributes } from "./measure.js";

interface Count {
  readonly attributes: Attributes;
  count: number;
}

export class Tally {
  private readonly counts = new Map<string, Count>();

  add({ semaphore, mode }: AcquisitionAsked, change: 1 | -1): void {
    const key = `${mode} ${semaphore}`;
    const known = this.counts.get(key);
    if (known) known.count += change;
    else this.counts.set(key, { attributes: { semaphore, mode }, count: change });
  }

  /** Also what has come down to zero: whoever has seen more must see that. */
  *read(): Generator<[Attributes, number], void, undefined> {
    for (const { attributes, count } of this.counts.values()) yield [attributes, count];
  }
}
