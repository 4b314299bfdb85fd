/** Where the user of an acquisition stands. The log may have said more by then, or not know of it yet. */

import type { AcquisitionLostError } from "../errors.js";

export type Stage =
  /** Somebody waits for its slot. */
  | { readonly is: "wanted" }
  /** Nobody waits for it any more. A slot that it gets all the same goes back. */
  | { readonly is: "unwanted"; readonly reason: unknown; readonly tookTooLong: boolean }
  | { readonly is: "held" }
  /** Held, but by a session that the log will not hear again: only our own clock ends it. */
  | { readonly is: "orphaned" }
  /** Its user has given it back, and so cannot lose it any more; the log has not answered. */
  | { readonly is: "releasing" }
  | { readonly is: "lost"; readonly loss: AcquisitionLostError }
  /** Its user has nothing more to do with it. */
  | { readonly is: "over"; readonly released: boolean };

export const WANTED: Stage = { is: "wanted" };
export const HELD: Stage = { is: "held" };
export const ORPHANED: Stage = { is: "orphaned" };
export const RELEASING: Stage = { is: "releasing" };
export const GIVEN_BACK: Stage = { is: "over", released: true };
export const OVER: Stage = { is: "over", released: false };

/** The slot is nobody else's yet, as far as is known. */
export function isHolding({ is }: Stage): boolean {
  return is === "held" || is === "orphaned" || is === "releasing";
}
