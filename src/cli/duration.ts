/** Durations as people write and read them: `30s` in an option, `12.3 s` in a summary. */

import { InvalidArgumentError } from "commander";
import ms from "ms";

/** For commander's options. @throws InvalidArgumentError */
export function parseDuration(text: string): number {
  const parsed: number | undefined = isDuration(text) ? ms(text) : undefined;
  if (parsed !== undefined) return parsed;
  throw new InvalidArgumentError(
    "It must be a time like 500ms, 30s, 5m or 2h; a bare number is milliseconds.",
  );
}

/** E.g. `8 ms`, `12.3 s`, `4 min 10 s`, `2 h 5 min`. */
export function showDuration(durationMs: number): string {
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** E.g. `12.3 s ago`, `in 4 min 10 s`; `now` where it is less than clocks agree on. */
export function showMoment(at: number, now: number): string {
  if (Math.abs(at - now) < CLOCKS_AGREE_MS) return "now";
  return at < now ? `${showDuration(now - at)} ago` : `in ${showDuration(at - now)}`;
}

const CLOCKS_AGREE_MS = 50;

/** A number and perhaps a word. Whether the word is a unit of time, `ms` knows. */
function isDuration(text: string): text is ms.StringValue {
  return /^(\d+|\d*\.\d+) ?[a-z]*$/i.test(text);
}
