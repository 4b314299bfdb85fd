/** Why the program ends without success: the errors of its own. `complain.ts` tells the user. */

/** The message is one line that says what, why and the remedy. */
export class Complaint extends Error {
  override readonly name = "Complaint";

  constructor(
    readonly exitStatus: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A signal ended it. Who sent the signal knows why, so there is nothing to tell. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor(readonly signal: NodeJS.Signals) {
    super(`ended by ${signal}`);
  }
}
