/** The random part of the ids of sessions, acquisitions and candidates. */

import { nanoid } from "nanoid";

/** 12 characters. None begins with a hyphen: on a command line, such an id would be taken for an option. */
export function makeId(): string {
  return nanoid(12).replace(/^-/, "_");
}
