/**
 * Compiles an XState machine into a flat table: state × event → target and emitted commands.
 * An XState actor costs about 25 µs a life, the table a fraction of one. Only what the table can
 * say is accepted; every other config key is refused by name, so that the two can never differ.
 */

import type { AnyStateMachine, EmittedFrom, EventFromLogic, StateValueFrom } from "xstate";

/** Where an event leads, and which commands are emitted on the way. */
export interface Cell<S extends string, C extends string> {
  readonly target: S;
  readonly emits: readonly C[];
}

export interface Table<S extends string, E extends string, C extends string> {
  /** The state that a life begins in, and what entering it emits. */
  readonly initial: Cell<S, C>;
  /** `undefined` where the event changes nothing in that state. */
  readonly cells: Readonly<Record<S, Readonly<Partial<Record<E, Cell<S, C>>>>>>;
}

type TableOf<M extends AnyStateMachine> = Table<
  Extract<StateValueFrom<M>, string>,
  EventFromLogic<M>["type"],
  EmittedFrom<M>["type"]
>;

/** A machine that the table cannot express: which key, where, and what to do instead. */
export class UnsupportedMachineError extends Error {
  override readonly name = "UnsupportedMachineError";

  constructor(where: string, why: string) {
    super(`${where}: ${why}. Keep the machine flat, or extend the compiler in core/table.ts.`);
  }
}

// Keys without meaning for the table: documentation, and data for observers.
const INERT = ["id", "version", "description", "meta", "tags", "output", "schemas"];
const ROOT_KEYS = new Set([...INERT, "context", "initial", "states"]);
const STATE_KEYS = new Set([...INERT, "entry", "on", "type"]);
const TRANSITION_KEYS = new Set([...INERT, "target", "actions"]);

/** @throws UnsupportedMachineError for whatever a flat table cannot say. */
export function compile<M extends AnyStateMachine>(machine: M): TableOf<M>;
export function compile(machine: AnyStateMachine): Table<string, string, string> {
  const root = checkedObject(machine.config, ROOT_KEYS, "machine");
  const states = checkedObject(root.states, undefined, "machine.states");
  const names = Object.keys(states);
  const emits = new Map<string, readonly string[]>();
  for (const name of names) {
    const state = checkedObject(states[name], STATE_KEYS, name);
    emits.set(name, emittedBy(machine, state.entry, `${name}.entry`));
  }
  const cells = blank<Record<string, Cell<string, string>>>();
  for (const name of names) {
    cells[name] = row(machine, name, checkedObject(states[name], STATE_KEYS, name), emits);
  }
  const initial = enter(root.initial, emits, "machine.initial");
  return { initial, cells };
}

/** All transitions of one state. */
function row(
  machine: AnyStateMachine,
  name: string,
  state: Record<string, unknown>,
  emits: ReadonlyMap<string, readonly string[]>,
): Record<string, Cell<string, string>> {
  const cells = blank<Cell<string, string>>();
  if (state.type !== undefined && state.type !== "final") {
    throw new UnsupportedMachineError(`${name}.type`, `"${String(state.type)}" is not supported`);
  }
  if (state.on === undefined) return cells;
  if (state.type === "final") {
    throw new UnsupportedMachineError(`${name}.on`, "a final state cannot be left");
  }
  const transitions = checkedObject(state.on, undefined, `${name}.on`);
  for (const [event, transition] of Object.entries(transitions)) {
    const where = `${name}.on.${event}`;
    if (event === "" || event.includes("*")) {
      throw new UnsupportedMachineError(
        where,
        "wildcards and eventless transitions are not supported",
      );
    }
    const { target, actions } =
      typeof transition === "string"
        ? { target: transition, actions: undefined }
        : checkedObject(transition, TRANSITION_KEYS, where);
    const during = emittedBy(machine, actions, `${where}.actions`);
    // A transition without a target, or to its own state, does not enter the state again.
    cells[event] =
      target === undefined || target === name
        ? { target: name, emits: during }
        : concat(during, enter(target, emits, `${where}.target`));
  }
  return cells;
}

function enter(
  target: unknown,
  emits: ReadonlyMap<string, readonly string[]>,
  where: string,
): Cell<string, string> {
  const entered = typeof target === "string" ? emits.get(target) : undefined;
  if (typeof target !== "string" || entered === undefined) {
    throw new UnsupportedMachineError(where, `${JSON.stringify(target)} names no state`);
  }
  return { target, emits: entered };
}

function concat(during: readonly string[], entered: Cell<string, string>): Cell<string, string> {
  return { target: entered.target, emits: [...during, ...entered.emits] };
}

/** The types of the commands that an action, or a list of them, emits. */
function emittedBy(machine: AnyStateMachine, actions: unknown, where: string): readonly string[] {
  if (actions === undefined) return [];
  const names: unknown[] = Array.isArray(actions) ? actions : [actions];
  return names.map((name) => {
    const action: unknown =
      typeof name === "string" ? machine.implementations.actions[name] : undefined;
    const command = staticEmit(action);
    if (command === undefined) {
      throw new UnsupportedMachineError(
        where,
        "only named emit() actions of a constant { type } are supported",
      );
    }
    return command;
  });
}

/** The type of the event that an `emit({ type })` action emits; `undefined` for any other action. */
function staticEmit(action: unknown): string | undefined {
  if (typeof action !== "function" || !("type" in action) || !("event" in action)) return undefined;
  const { type, event } = action;
  if (type !== "xstate.emit" || typeof event !== "object" || event === null) return undefined;
  if (!("type" in event) || typeof event.type !== "string") return undefined;
  return Object.keys(event).length === 1 ? event.type : undefined;
}

function checkedObject(
  value: unknown,
  allowed: ReadonlySet<string> | undefined,
  where: string,
): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UnsupportedMachineError(where, "an object was expected");
  }
  const refused = Object.keys(value).find((key) => allowed && !allowed.has(key));
  if (refused !== undefined) {
    throw new UnsupportedMachineError(`${where}.${refused}`, `"${refused}" is not supported`);
  }
  return { ...value };
}

/** An object without inherited keys: an event named "constructor" is none. */
function blank<T>(): Record<string, T> {
  return Object.create(null);
}
