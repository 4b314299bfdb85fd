/** What a flat table cannot say, the compiler refuses: it names the key and the place. */

import { describe, expect, test } from "vitest";
import { type AnyStateMachine, assign, emit, raise, setup } from "xstate";
import { compile, UnsupportedMachineError } from "../../src/core/table.js";

/** What `compile` looks at. XState itself would refuse some of these configs before. */
function machineOf(config: object): AnyStateMachine {
  const machine = setup({
    actions: {
      shout: emit({ type: "shouted" }),
      tell: emit({ type: "told", what: "more" }),
      mumble: Object.assign(() => {}, { type: "xstate.emit", event: { what: "nothing" } }),
      count: Object.assign(() => {}, { type: "xstate.emit", event: { type: 5 } }),
      nod: Object.assign(() => {}, { type: "xstate.emit", event: null }),
      gape: Object.assign(() => {}, { type: "xstate.emit" }),
      answer: emit(({ event }) => ({ type: event.type })),
      remember: assign({}),
      again: raise({ type: "E" }),
      log: () => {},
    },
  }).createMachine({});
  return Object.assign(Object.create(machine), { config });
}

/** A machine of one state, `a`, with one transition or with other keys. */
const inState = (a: unknown) => ({ initial: "a", states: { a } });
const onEvent = (transition: unknown) => inState({ on: { E: transition } });
const action = (entry: unknown) => inState({ entry });

const KEY = /"(\w+)" is not supported/;
const EMITS_ONLY = "only named emit() actions of a constant { type } are supported";

describe("the compiler refuses", () => {
  test.each([
    ["a parallel machine", { type: "parallel", states: {} }, "machine.type"],
    ["transitions of the machine", { ...inState({}), on: {} }, "machine.on"],
    ["entry actions of the machine", { ...inState({}), entry: "shout" }, "machine.entry"],
    ["exit actions of the machine", { ...inState({}), exit: "shout" }, "machine.exit"],
    ["invoke of the machine", { ...inState({}), invoke: { src: "x" } }, "machine.invoke"],
    ["always of the machine", { ...inState({}), always: "a" }, "machine.always"],
    ["after of the machine", { ...inState({}), after: { 1: "a" } }, "machine.after"],
    ["after", inState({ after: { 1000: "a" } }), "a.after"],
    ["always", inState({ always: "a" }), "a.always"],
    ["invoke", inState({ invoke: { src: "x" } }), "a.invoke"],
    ["exit", inState({ exit: "shout" }), "a.exit"],
    ["onDone", inState({ onDone: "a" }), "a.onDone"],
    ["nested states", inState({ states: { b: {} } }), "a.states"],
    ["an initial state of a state", inState({ initial: "b" }), "a.initial"],
    ["history", inState({ history: "deep" }), "a.history"],
    ["a guard", onEvent({ target: "a", guard: "open" }), "a.on.E.guard"],
    ["reenter", onEvent({ target: "a", reenter: true }), "a.on.E.reenter"],
  ])("%s", (_what, config, where) => {
    const key = where.split(".").at(-1);
    expect(() => compile(machineOf(config))).toThrow(`${where}: "${key}" is not supported`);
  });

  test.each([
    ["a parallel state", inState({ type: "parallel" }), 'a.type: "parallel" is not supported'],
    ["a history state", inState({ type: "history" }), 'a.type: "history" is not supported'],
    [
      "a way out of a final state",
      inState({ type: "final", on: {} }),
      "a.on: a final state cannot be left",
    ],
    ["a wildcard", inState({ on: { "*": "a" } }), "a.on.*: wildcards"],
    ["a partial wildcard", inState({ on: { "e.*": "a" } }), "a.on.e.*: wildcards"],
    ["an eventless transition", inState({ on: { "": "a" } }), "a.on.: wildcards and eventless"],
    ["a list of transitions", onEvent([{ target: "a" }]), "a.on.E: an object was expected"],
    ["a forbidden transition", onEvent(undefined), "a.on.E: an object was expected"],
    ["a list of targets", onEvent({ target: ["a"] }), 'a.on.E.target: ["a"] names no state'],
    ["an unknown target", onEvent("b"), 'a.on.E.target: "b" names no state'],
    ["a target by id", onEvent("#a"), 'a.on.E.target: "#a" names no state'],
    ["no states", { initial: "a" }, "machine.states: an object was expected"],
    ["a state that is none", inState(null), "a: an object was expected"],
    ["no initial state", { states: { a: {} } }, "machine.initial: undefined names no state"],
    [
      "an unknown initial state",
      { initial: "b", states: { a: {} } },
      'machine.initial: "b" names no state',
    ],
    [
      "an initial transition",
      { initial: { target: "a", actions: "shout" }, states: { a: {} } },
      'machine.initial: {"target":"a","actions":"shout"} names no state',
    ],
  ])("%s", (_what, config, message) => {
    expect(() => compile(machineOf(config))).toThrow(message);
  });

  test.each([
    ["an inline action", action(() => {})],
    ["an inline emit", action(emit({ type: "shouted" }))],
    ["an action with params", action({ type: "shout", params: { loud: true } })],
    ["an action that is not there", action("whisper")],
    ["an inherited name", action("constructor")],
    ["an assign", action("remember")],
    ["a raise", action("again")],
    ["a function", action("log")],
    ["an emit of more than a type", action("tell")],
    ["an emit without a type", action("mumble")],
    ["an emit of another type of type", action("count")],
    ["an emit of null", action("nod")],
    ["an emit without an event", action("gape")],
    ["an emit that is not constant", action("answer")],
    ["one of a list", action(["shout", "log"])],
  ])("%s", (_what, config) => {
    expect(() => compile(machineOf(config))).toThrow(`a.entry: ${EMITS_ONLY}`);
  });

  test("actions of a transition as well", () => {
    expect(() => compile(machineOf(onEvent({ actions: "log" })))).toThrow(
      `a.on.E.actions: ${EMITS_ONLY}`,
    );
  });
});

test("a refusal is an error of its own, and says what to do", () => {
  const refusal = () => compile(machineOf(inState({ after: {} })));
  expect(refusal).toThrow(UnsupportedMachineError);
  expect(refusal).toThrow("Keep the machine flat, or extend the compiler in core/table.ts.");
  expect(refusal).toThrow(KEY);
});

test("what only documents is accepted", () => {
  const inert = { id: "x", description: "x", meta: {}, tags: ["x"], output: {} };
  const config = {
    ...inert,
    version: "1",
    context: {},
    initial: "a",
    states: { a: { ...inert, entry: "shout", on: { E: { ...inert, actions: "shout" } } } },
  };
  expect(compile(machineOf(config))).toEqual({
    initial: { target: "a", emits: ["shouted"] },
    cells: { a: { E: { target: "a", emits: ["shouted"] } } },
  });
});
