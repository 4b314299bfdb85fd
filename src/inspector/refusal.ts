/** Why a request gets no answer but this: a status, a code for programs, and a sentence for people. */

export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Besides those that every answer has. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
