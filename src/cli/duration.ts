/** Durations as people write and read them: `30s` in an option, `12.3 s` in a summary. */

import { InvalidArgumentError } from "commander";
import ms from "ms";
import { showDuration } from "../history/show-duration.js";

export { showDuration };

/** For commander's options. @throws InvalidArgumentError */
export function parseDuration(text: string): number {
  const parsed: number | undefined = isDuration(text) ? ms(text) : undefined;
  if (parsed !== undefined) return parsed;
  throw new InvalidArgumentError(
    "It must be a time like 500ms, 30s, 5m or 2h; a bare number is milliseconds.",
  );
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
