/** What a command has found out, told to people as text or to programs as one JSON document. */

import { NOT_IN_USE } from "./exit-status.js";
import { print, say } from "./output.js";

export interface Report {
  /** For programs. Field names and units are those of the library. */
  readonly json: unknown;
  /** For people, on standard output; may be empty. */
  readonly text: string;
  /** For people, beside it: on standard error. */
  readonly note?: string | undefined;
  /** For both, on standard error: what was named and is not there. */
  readonly missing?: string | undefined;
}

/** Returns the exit status. */
export function tell({ json, text, note, missing }: Report, asJson: boolean): number {
  print(asJson ? `${JSON.stringify(json, undefined, 2)}\n` : text);
  if (note !== undefined && !asJson) say(note);
  if (missing === undefined) return 0;
  say(missing);
  return NOT_IN_USE;
}
