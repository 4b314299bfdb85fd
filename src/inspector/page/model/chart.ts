/** The statechart of an acquisition, read from the XState machine itself: what is drawn is what runs. */

import type { AnyStateMachine } from "xstate";

export interface ChartNode {
  readonly name: string;
  readonly isInitial: boolean;
  readonly isFinal: boolean;
  /** What it emits without leaving: on entry, or on an intent. E.g. `entry → acquire`. */
  readonly emits: readonly string[];
  /** How many transitions away from the initial state; that of final states is one more than the most of all others. */
  readonly rank: number;
}

export interface ChartEdge {
  readonly from: string;
  readonly to: string;
  /** The events that lead there. */
  readonly events: readonly string[];
}

export interface Chart {
  readonly nodes: readonly ChartNode[];
  readonly edges: readonly ChartEdge[];
}

export function chartOf(machine: AnyStateMachine): Chart {
  const initial = machine.root.initial.target.map(({ key }) => key);
  const states = Object.values(machine.root.states);
  const edges = new Map<string, { from: string; to: string; events: string[] }>();
  const emits = new Map<string, string[]>();
  for (const state of states) {
    emits.set(
      state.key,
      state.entry.map((action) => `entry → ${nameOf(action)}`),
    );
    for (const transition of [...state.transitions.values()].flat()) {
      const { eventType, actions, target } = transition;
      for (const { key: to } of target ?? []) {
        const edge = edges.get(`${state.key} ${to}`) ?? { from: state.key, to, events: [] };
        edge.events.push(eventType);
        edges.set(`${state.key} ${to}`, edge);
      }
      for (const action of actions) {
        emits.get(state.key)?.push(`${eventType} → ${nameOf(action)}`);
      }
    }
  }
  const ranks = ranksOf(initial, [...edges.values()]);
  const open = states.filter(({ type }) => type !== "final").map(({ key }) => ranks.get(key) ?? 0);
  const last = Math.max(0, ...open) + 1;
  const nodes = states.map(({ key, type }) => ({
    name: key,
    isInitial: initial.includes(key),
    isFinal: type === "final",
    emits: emits.get(key) ?? [],
    rank: type === "final" ? last : (ranks.get(key) ?? 0),
  }));
  return { nodes, edges: [...edges.values()] };
}

function ranksOf(initial: readonly string[], edges: readonly ChartEdge[]): Map<string, number> {
  const ranks = new Map(initial.map((name) => [name, 0]));
  const queue = [...initial];
  for (const name of queue) {
    for (const { to } of edges.filter(({ from }) => from === name)) {
      if (ranks.has(to)) continue;
      ranks.set(to, (ranks.get(name) ?? 0) + 1);
      queue.push(to);
    }
  }
  return ranks;
}

/** Actions of a machine are named, or have a type. */
function nameOf(action: unknown): string {
  if (typeof action === "string") return action;
  if (typeof action === "object" && action !== null && "type" in action) return String(action.type);
  return "action";
}
