/** What users do, one thing after the other: drawn for both modes, and described so that a counterexample can be read. */

import fc from "fast-check";
import type { AcquireOptions } from "../../src/index.js";

/** How many coordinators there are at a time. */
export const USERS = 3;
export const VALUE = 2;
/** So short that its end can be waited for. */
export const FLEETING_MS = 20;

const type = <T extends string>(name: T) => fc.constant(name);
const who = fc.nat({ max: USERS - 1 });
/** Which of those who asked, counted from the last: the young ones are the interesting ones. */
const whom = fc.nat({ max: 7 });
const mostly = <T>(usual: T, rarely: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: rarely });

/** Value of the semaphore as this user declares it. */
const value = mostly(VALUE, fc.constantFrom(1, 3));

/** Times that end nothing while the test runs; those that do are actions of their own. */
const options: fc.Arbitrary<AcquireOptions> = fc.record(
  {
    ttlMs: fc.constantFrom(60_000, 600_000),
    maxAcquireTimeMs: fc.constantFrom(60_000, 600_000),
    maxQueueSize: fc.nat({ max: 3 }),
    onValueMismatch: fc.constantFrom("adopt" as const, "reject" as const),
  },
  { requiredKeys: [] },
);

/** All within one turn of the event loop: on Redis they become one entry, or two. */
const burst = fc.array(fc.record({ tries: fc.boolean(), value, options }), {
  minLength: 2,
  maxLength: 6,
});

const action = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: type("acquire"), who, value, options }) },
  { weight: 3, arbitrary: fc.record({ type: type("try"), who, value, options }) },
  { weight: 2, arbitrary: fc.record({ type: type("burst"), who, burst }) },
  { weight: 1, arbitrary: fc.record({ type: type("hold briefly"), who }) },
  { weight: 1, arbitrary: fc.record({ type: type("wait briefly"), who }) },
  { weight: 4, arbitrary: fc.record({ type: type("release"), whom }) },
  { weight: 3, arbitrary: fc.record({ type: type("release by id"), who, whom }) },
  { weight: 2, arbitrary: fc.record({ type: type("abort"), whom }) },
  { weight: 2, arbitrary: fc.record({ type: type("revoke"), who, whom, force: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: type("resize"), who, value: fc.nat({ max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ type: type("close"), who }) },
);

export type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

export const actions = fc.array(action, { minLength: 1, maxLength: 40, size: "max" });

/** E.g. `user 1: acquire value=2 ttlMs=60000`. */
export function describeAction(action: Action): string {
  const by = "who" in action ? `user ${action.who}: ` : "";
  const whom = "whom" in action ? ` the last but ${action.whom}` : "";
  return `${by}${action.type}${whom}${describeArguments(action)}`;
}

function describeArguments(action: Action): string {
  switch (action.type) {
    case "acquire":
    case "try":
      return describeAsk(action.value, action.options);
    case "burst":
      return action.burst
        .map(({ tries, value, options }) => {
          return ` (${tries ? "try" : "acquire"}${describeAsk(value, options)})`;
        })
        .join("");
    case "revoke":
      return action.force ? " force" : "";
    case "resize":
      return ` value=${action.value}`;
    case "hold briefly":
    case "wait briefly":
    case "release":
    case "release by id":
    case "abort":
    case "close":
      return "";
  }
}

function describeAsk(value: number, options: AcquireOptions): string {
  const parts = Object.entries({ value, ...options });
  return parts.map(([key, of]) => ` ${key}=${of}`).join("");
}
