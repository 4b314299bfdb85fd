/** A pause between two looks at something, for who can only look. */

import type { Clock } from "./ports.js";

/**
 * Resolves after so many milliseconds, or once the signal aborts.
 *
 * @param keepAlive whether the process shall stay alive for it
 */
export function rest(
  clock: Clock,
  ms: number,
  signal: AbortSignal | undefined,
  keepAlive: boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      alarm.clear();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const alarm = clock.alarm(done);
    if (signal?.aborted) return resolve();
    signal?.addEventListener("abort", done);
    alarm.keepAlive(keepAlive);
    alarm.set(clock.now() + ms);
  });
}
