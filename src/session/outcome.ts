/** What an acquisition comes to, as a promise for whoever asked: what `acquire()` and `tryAcquire()` return. */

import { onAbort } from "./abort.js";
import type { LiveAcquisition } from "./live-acquisition.js";

type Resolve = (acquisition: LiveAcquisition) => void;
type Reject = (reason: unknown) => void;

/** Resolves when it holds a slot; rejects when it never will, with the reason of `signal` if that aborts. */
export function granted(
  acquisition: LiveAcquisition,
  signal: AbortSignal | undefined,
): Promise<LiveAcquisition> {
  if (acquisition.gotSlot) return Promise.resolve(acquisition);
  return new Promise((resolve, reject) => {
    if (acquisition.isWanted) {
      awaitOutcome(acquisition, signal, () => conclude(acquisition, resolve, reject));
    } else conclude(acquisition, resolve, reject);
  });
}

/** Like `granted()`, but `null` where no slot was free. */
export function attempted(
  acquisition: LiveAcquisition,
  signal: AbortSignal | undefined,
): Promise<LiveAcquisition | null> {
  return new Promise((resolve, reject) => {
    const end = () => {
      if (acquisition.isBusy) resolve(null);
      else conclude(acquisition, resolve, reject);
    };
    if (acquisition.isWanted) awaitOutcome(acquisition, signal, end);
    else end();
  });
}

function awaitOutcome(
  acquisition: LiveAcquisition,
  signal: AbortSignal | undefined,
  settled: () => void,
): void {
  if (signal === undefined) {
    acquisition.whenSettled(settled);
    return;
  }
  const stopListening = onAbort(signal, () => acquisition.cancel(signal.reason));
  acquisition.whenSettled(() => {
    stopListening();
    settled();
  });
}

function conclude(acquisition: LiveAcquisition, resolve: Resolve, reject: Reject): void {
  if (acquisition.gotSlot) resolve(acquisition);
  else reject(acquisition.failure());
}
