/** What an operator may say when he intervenes, checked. */

import { inspect } from "node:util";
import { InvalidOptionError } from "../errors.js";
import { checkKeys } from "./options.js";

export interface ResizeOptions {
  /** Who asks for it: 1 to 100 characters, shown in history. */
  readonly operator?: string | undefined;
}

export interface RevokeOptions extends ResizeOptions {
  /** Take the slot at once, without waiting for its holder. Default: false. */
  readonly force?: boolean | undefined;
}

const MAX_LENGTH = 100;

/** @throws InvalidOptionError */
export function checkResize(options: ResizeOptions): ResizeOptions {
  checkKeys(options, ["operator"]);
  checkOperator(options.operator);
  return options;
}

/** @throws InvalidOptionError */
export function checkRevoke(options: RevokeOptions): RevokeOptions {
  checkKeys(options, ["force", "operator"]);
  const { force, operator } = options;
  checkOperator(operator);
  if (force === undefined || typeof force === "boolean") return options;
  throw new InvalidOptionError(
    "force",
    `force must be true or false, but is ${inspect(force, { depth: 0 })}. Leave it out to let the holder let go by itself.`,
  );
}

function checkOperator(operator: unknown): void {
  if (operator === undefined) return;
  const isText = typeof operator === "string" && operator !== "" && operator.length <= MAX_LENGTH;
  if (isText && !/[\p{Cc}\p{Cs}]/u.test(operator)) return;
  throw new InvalidOptionError(
    "operator",
    `operator must be a text of 1 to ${MAX_LENGTH} characters without control characters, but is ` +
      `${inspect(operator, { depth: 0 })}. Leave it out to stay unnamed.`,
  );
}
