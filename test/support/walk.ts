/** Walks an XState machine and its compiled table side by side: they must never differ. */

import { strictEqual } from "node:assert";
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type ExecutableActionObject,
  initialTransition,
  transition,
} from "xstate";
import type { Cell, Table } from "../../src/core/table.js";

/** Sends the events one after the other, beginning a new life after each end. Returns how many lives there were. */
export function walkBoth(
  machine: AnyStateMachine,
  table: Table<string, string, string>,
  events: readonly { readonly type: string }[],
  input?: unknown,
): number {
  let lives = 0;
  let path = "";
  let snapshot: AnyMachineSnapshot | undefined;
  for (const event of events) {
    if (snapshot?.status !== "active") {
      const [begun, actions] = initialTransition(machine, input);
      path = "begin";
      same(path, table.initial, begun, actions);
      snapshot = begun;
      lives++;
    }
    const here = String(snapshot.value);
    const [next, actions] = transition(machine, snapshot, event);
    path += ` -${event.type}-> ${next.value}`;
    same(path, table.cells[here]?.[event.type] ?? { target: here, emits: [] }, next, actions);
    snapshot = next;
  }
  return lives;
}

function same(
  path: string,
  cell: Cell<string, string>,
  snapshot: AnyMachineSnapshot,
  actions: readonly ExecutableActionObject[],
): void {
  strictEqual(cell.target, snapshot.value, path);
  strictEqual(cell.emits.join(), actions.map(emitted).join(), path);
}

function emitted({ type, params }: ExecutableActionObject): string {
  strictEqual(type, "xstate.emit");
  return Object(params).event.type;
}
