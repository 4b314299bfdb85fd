/** What became of promises, without waiting for them. */

import { setImmediate } from "node:timers/promises";

export type Outcome<T> =
  | { readonly is: "pending" }
  | { readonly is: "resolved"; readonly value: T }
  | { readonly is: "rejected"; readonly reason: unknown };

/** Lets all run that is ready to run. */
export async function turn(): Promise<void> {
  await setImmediate();
}

/** What became of it by now. */
export async function now<T>(promise: Promise<T>): Promise<Outcome<T>> {
  let outcome: Outcome<T> = { is: "pending" };
  promise.then(
    (value) => {
      outcome = { is: "resolved", value };
    },
    (reason) => {
      outcome = { is: "rejected", reason };
    },
  );
  await turn();
  return outcome;
}
