/** `slotstream run`: one command while it holds one slot. As quiet as flock, unless there is something to tell. */

import type { Semaphore } from "../../index.js";
import { explain } from "../complain.js";
import { Interrupted } from "../complaint.js";
import { showDuration } from "../duration.js";
import { statusOfSignal } from "../exit-status.js";
import { say } from "../output.js";
import { Children, type Ending } from "./children.js";
import { onSignal } from "./signals.js";

export interface OnceOptions {
  readonly killAfterMs: number;
  /** Tell at the end how long it waited and held. */
  readonly summary: boolean;
}

/** Resolves with the exit status; rejects with what `complain()` understands. */
export async function runOnce(
  semaphore: Semaphore,
  command: readonly string[],
  { killAfterMs, summary }: OnceOptions,
): Promise<number> {
  const children = new Children(killAfterMs);
  const giveUp = new AbortController();
  const stopListening = onSignal((received) => {
    giveUp.abort(new Interrupted(received.signal));
    children.forward(received);
  });
  const askedAt = performance.now();
  try {
    const slot = await semaphore.acquire({ signal: giveUp.signal });
    const grantedAt = performance.now();
    slot.signal.addEventListener("abort", () => {
      say(`${explain(slot.signal.reason)} The command gets SIGTERM.`);
    });
    try {
      const ending = await children.start(command, slot, "inherit").ended;
      return exitStatus(ending, slot.signal.aborted);
    } finally {
      await slot.release();
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
