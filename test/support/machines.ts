/** Small random XState machines, of nothing but what the compiler accepts. */

import fc from "fast-check";
import { emit, setup } from "xstate";

const STATES = ["a", "b", "c", "d"] as const;
const ACTIONS = ["one", "two", "three"] as const;
const EVENTS = ["E", "F", "G"] as const;

/** Events to walk with: those that the machines know, and one that they don't. */
export const eventTypes = fc.constantFrom(...EVENTS, "unknown");

const base = setup({
  types: { events: {} as { type: string }, emitted: {} as { type: string } },
  actions: {
    one: emit({ type: "1" }),
    two: emit({ type: "2" }),
    three: emit({ type: "3" }),
  },
});

const action = fc.constantFrom(...ACTIONS);
const actions = fc.oneof(action, fc.array(action, { maxLength: 3 }));
const target = fc.constantFrom(...STATES);

const transition = fc.oneof(
  target,
  fc.record({ target, actions, description: fc.constant("why") }, { requiredKeys: [] }),
);

const on = fc.dictionary(fc.constantFrom(...EVENTS), transition);

const state = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record(
      { on, entry: actions, meta: fc.constant({ shown: "so" }), tags: fc.constant(["tag"]) },
      { requiredKeys: [] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      { type: fc.constant("final" as const), entry: actions },
      { requiredKeys: ["type"] },
    ),
  },
);

export const machines = fc
  .record({ initial: target, states: fc.record({ a: state, b: state, c: state, d: state }) })
  .map((config) => base.createMachine(config));
