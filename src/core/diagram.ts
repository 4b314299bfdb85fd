/** The machine of an acquisition for other tools: as a Mermaid diagram, and as JSON that XState and its editors read. */

import { acquisitionMachine, life } from "./machine.js";
import type { Cell } from "./table.js";

/** A state or a transition, as XState writes it down. */
export interface MachineDefinition {
  readonly id: string;
  readonly initial: string;
  readonly states: Readonly<Record<string, StateDefinition>>;
}

export interface StateDefinition {
  /** Nothing leads out of it. */
  readonly type?: "final";
  /** The commands that entering it emits. */
  readonly entry?: readonly string[];
  /** By type of the event. */
  readonly on?: Readonly<Record<string, TransitionDefinition>>;
}

export interface TransitionDefinition {
  /** Absent: it stays where it is. */
  readonly target?: string;
  /** The commands that it emits. */
  readonly actions?: readonly string[];
}

/**
 * The life of an acquisition as a state diagram of Mermaid, which GitHub and many editors draw. What stands behind `/` are
 * the commands that are emitted.
 */
export function machineToMermaid(): string {
  const { initial, cells } = life;
  const lines = [`[*] --> ${initial.target}:${emitted(initial.emits)}`];
  for (const [state, row] of Object.entries(cells)) {
    for (const [event, { target, emits }] of Object.entries(row)) {
      lines.push(`${state} --> ${target}: ${event}${emitted(emits)}`);
    }
  }
  for (const state of finalStates()) lines.push(`${state} --> [*]`);
  return ["stateDiagram-v2", ...lines.map((line) => `  ${line}`), ""].join("\n");
}

/** The same as the configuration of an XState machine: without code, its actions by name. */
export function machineToJSON(): MachineDefinition {
  const { initial, cells } = life;
  const finals = new Set(finalStates());
  const states = Object.entries(cells).map(([state, row]): [string, StateDefinition] => {
    if (finals.has(state)) return [state, { type: "final" }];
    const on = Object.entries(row).map(
      ([event, cell]) => [event, transition(state, cell)] as const,
    );
    const entry = state === initial.target ? { entry: [...initial.emits] } : {};
    return [state, { ...entry, on: Object.fromEntries(on) }];
  });
  return { id: acquisitionMachine.id, initial: initial.target, states: Object.fromEntries(states) };
}

function transition(from: string, { target, emits }: Cell<string, string>): TransitionDefinition {
  return {
    ...(target === from ? {} : { target }),
    ...(emits.length > 0 ? { actions: [...emits] } : {}),
  };
}

function emitted(commands: readonly string[]): string {
  return commands.length > 0 ? ` / ${commands.join(", ")}` : "";
}

function finalStates(): string[] {
  return Object.entries(life.cells)
    .filter(([, row]) => Object.keys(row).length === 0)
    .map(([state]) => state);
}
