/** Keeps what is looked at in the address, so that it can be sent to somebody else. Not in every frame: browsers forbid that. */

import { type Place, parsePlace, placeHash } from "../model/place.js";

const PAUSE_MS = 400;

export class Address {
  private wanted = location.hash;
  private timer: ReturnType<typeof setTimeout> | undefined = undefined;

  /** What somebody else has put there: a link, or the reader. */
  read(url: string): Place {
    const { hash } = new URL(url);
    this.wanted = hash;
    return parsePlace(hash);
  }

  write(place: Place): void {
    const hash = placeHash(place);
    // Else what somebody has just put there would be overwritten before it is read.
    if (hash === this.wanted) return;
    this.wanted = hash;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      history.replaceState(null, "", `${location.pathname}${this.wanted}`);
    }, PAUSE_MS);
  }
}
