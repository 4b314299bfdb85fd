/** What other tools get of the machine is the machine: read back, it has the same states and transitions. */

import { describe, expect, test } from "vitest";
import { setup } from "xstate";
import { machineToJSON, machineToMermaid } from "../../src/core/diagram.js";
import { acquisitionMachine, life } from "../../src/core/machine.js";
import { compile } from "../../src/core/table.js";

/** From, event, target, commands; the beginning and the end are `[*]`. */
type Arrow = readonly [from: string, event: string, to: string, commands: string];

/** Of the machine itself, as XState has it. */
function arrowsOfMachine(): Arrow[] {
  const { initial, states } = acquisitionMachine.root;
  const commands = (actions: readonly unknown[] = []) =>
    actions.map((action) => String(Object(action).type ?? action)).join(", ");
  const [first] = initial.target ?? [];
  const arrows: Arrow[] = [["[*]", "", first?.key ?? "", commands(first?.entry)]];
  for (const [name, state] of Object.entries(states)) {
    if (state.type === "final") arrows.push([name, "", "[*]", ""]);
    for (const [event, [transition]] of state.transitions) {
      const target = transition?.target?.[0]?.key ?? name;
      arrows.push([name, event, target, commands(transition?.actions)]);
    }
  }
  return arrows;
}

function arrowsOfMermaid(text: string): Arrow[] {
  const [first, ...lines] = text.trimEnd().split("\n");
  expect(first).toBe("stateDiagram-v2");
  return lines.map((line) => {
    const match = /^ {2}(\S+) --> (\S+?)(?:: (\w*))?(?: ?\/ ([\w, ]+))?$/.exec(line);
    if (!match) throw new Error(`this is no line of a diagram: ${line}`);
    const [, from = "", to = "", event = "", commands = ""] = match;
    return [from, event, to, commands];
  });
}

test("the diagram has every state and transition of the machine, and no other", () => {
  const expected = arrowsOfMachine();
  expect(expected.length).toBeGreaterThan(15);
  expect(arrowsOfMermaid(machineToMermaid()).sort()).toEqual(expected.sort());
});

describe("the JSON", () => {
  test("is the configuration of a machine that does the same", () => {
    const read = JSON.parse(JSON.stringify(machineToJSON()));
    const { acquire, release, cancel } = acquisitionMachine.implementations.actions;
    const actions = Object.fromEntries(Object.entries({ acquire, release, cancel }));
    const machine = setup({ actions: Object(actions) }).createMachine(read);
    expect(compile(machine)).toEqual(life);
    expect(machine.id).toBe(acquisitionMachine.id);
  });

  test("has the final states as such", () => {
    const { states } = machineToJSON();
    const finals = Object.keys(states).filter((name) => states[name]?.type === "final");
    expect(finals.sort()).toEqual(["abandoned", "expired", "released"]);
  });
});
