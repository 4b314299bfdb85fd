/** `slotstream run`: one command while it holds one slot. As quiet as flock, unless there is something to tell. */

import type { Semaphore } from "../../index.js";
import { explain } from "../complain.js";
import { Interrupted } from "../complaint.js";
import { showDuration } from "../duration.js";
import { statusOfSignal } from "../exit-status.js";
import { say } from "../output.js";
import { onSignal } from "../signals.js";
import { acquireSlot } from "./acquire-slot.js";
import { Children, type Ending } from "./children.js";

export interface OnceOptions {
  readonly killAfterMs: number;
  /** Or it takes a slot that is free now, or none. */
  readonly waits: boolean;
  /** Tell at the end how long it waited and held. */
  readonly summary: boolean;
}

/** Resolves with the exit status; rejects with what `complain()` understands. */
export async function runOnce(
  semaphore: Semaphore,
  command: readonly string[],
  { killAfterMs, waits, summary }: OnceOptions,
): Promise<number> {
  const children = new Children(killAfterMs);
  const giveUp = new AbortController();
  const stopListening = onSignal((received) => {
    giveUp.abort(new Interrupted(received.signal));
    children.forward(received);
  });
  const askedAt = performance.now();
  try {
    const slot = await acquireSlot(semaphore, waits, giveUp.signal);
    const grantedAt = performance.now();
    slot.signal.addEventListener("abort", () => {
      say(`${explain(slot.signal.reason)} The command gets SIGTERM.`);
    });
    try {
      const ending = await children.start(command, slot, "inherit").ended;
      return exitStatus(ending, slot.signal.aborted);
    } finally {
      // The answer comes with that to our leaving, which is waited for, but not for ever.
      void slot.release();
      if (summary) {
        const waited = showDuration(grantedAt - askedAt);
        const held = showDuration(performance.now() - grantedAt);
        say(`waited ${waited} for slot ${slot.slotNumber} of "${semaphore.name}", held it ${held}`);
      }
    }
  } finally {
    stopListening();
  }
}

/** The command's own. But one that lost its slot and was told to end has not succeeded, whatever it says. */
function exitStatus({ code, signal }: Ending, lost: boolean): number {
  if (signal) return statusOfSignal(signal);
  return code || (lost ? statusOfSignal("SIGTERM") : 0);
}
