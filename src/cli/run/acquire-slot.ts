/** Takes a slot for a command, by waiting for it, or with `--max-wait 0` only if one is free. */

import type { Acquisition, Semaphore } from "../../index.js";
import { Complaint } from "../complaint.js";
import { NO_SLOT_IN_TIME } from "../exit-status.js";

/** Rejects with a `Busy`, or like `Semaphore.acquire`. */
export async function acquireSlot(
  semaphore: Semaphore,
  waits: boolean,
  signal: AbortSignal,
): Promise<Acquisition> {
  if (waits) return semaphore.acquire({ signal });
  const slot = await semaphore.tryAcquire({ signal });
  if (slot === null) throw new Busy(semaphore.name);
  return slot;
}

export class Busy extends Complaint {
  constructor(name: string) {
    super(NO_SLOT_IN_TIME, `no slot of "${name}" is free. Try later, or raise --max-wait.`);
  }
}
