/** The witness objects to a wrong grant: too many, the wrong slot, token or waiter, or none at all. */

import { expect, test } from "vitest";
import { assertDefined } from "../../src/core/assert.js";
import { acquire, release } from "../support/commands.js";
import {
  altered,
  contended,
  findsOut,
  givenBack,
  held,
  hidden,
  invented,
  type LieRow,
  objectionTo,
  ofA,
  ofB,
} from "../support/lies.js";

const lies: LieRow[] = [
  [
    "a grant beyond the value",
    1,
    "1 of 1 are held",
    { given: contended, told: invented({ ...ofB, type: "granted", slot: 0, token: 2 }) },
  ],
  [
    "a slot that there is not",
    2,
    "there are 1 slots",
    { when: acquire("a"), told: altered("granted", { slot: 1 }) },
  ],
  [
    "a slot that another holds",
    2,
    "a holds it",
    {
      given: (partition) => partition.given(acquire("a", { value: 2 })),
      when: acquire("b", { value: 2 }),
      told: altered("granted", { slot: 0 }),
    },
  ],
  [
    "a slot that is not the lowest",
    2,
    "a lower slot is free",
    { when: acquire("a", { value: 2 }), told: altered("granted", { slot: 1 }) },
  ],
  [
    "a state that would give another slot",
    2,
    "api: slot 0 is free",
    {
      given: givenBack,
      tampered: (state) => assertDefined(state.semaphores.get("api"), "api").slots.take(0),
    },
  ],
  [
    "a token that does not rise",
    3,
    "the last token was 1",
    { given: givenBack, when: acquire("b"), told: altered("granted", { token: 1 }) },
  ],
  [
    "a grant out of order",
    6,
    "b was first in the queue",
    {
      given: (partition) => {
        contended(partition);
        partition.given(acquire("c"));
      },
      when: release("a"),
      told: altered("granted", { acquisition: "c" }),
    },
  ],
  [
    "a grant to what has ended",
    7,
    "it is not alive",
    { given: givenBack, told: invented({ ...ofA, type: "granted", slot: 0, token: 2 }) },
  ],
  [
    "a sweep of a semaphore that is held",
    7,
    "api was in use",
    { given: held, told: invented({ type: "swept", semaphores: ["api"], sessions: [] }) },
  ],
  [
    "a waiter beside a free slot",
    11,
    "api: 0 of 1 held, but 1 wait",
    { given: contended, when: release("a"), told: hidden("granted") },
  ],
];

findsOut(lies);

test("the witness believes what is true", () => {
  expect(() => objectionTo({ given: contended, when: release("a") })).toThrow(
    "the witness believed it",
  );
});
