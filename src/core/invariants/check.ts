/** How whatever is wrong is told: by the number of the invariant that it breaks. */

export class InvariantError extends Error {
  override readonly name = "InvariantError";

  constructor(
    /** Which of the invariants broke. */
    readonly invariant: number,
    what: string,
  ) {
    super(`invariant ${invariant}: ${what}`);
  }
}

/** Says which event it is about; made only when something is wrong. */
export type Line = () => string;

/** @throws InvariantError unless it holds. */
export function check(invariant: number, holds: boolean, otherwise: Line): asserts holds {
  if (!holds) throw new InvariantError(invariant, otherwise());
}
