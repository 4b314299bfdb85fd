/** The drawn statechart is the machine: every transition that it makes, and no other, each drawn from state to state. */

import { describe, expect, test } from "vitest";
import { getNextSnapshot, type SnapshotFrom } from "xstate";
import { acquisitionMachine, life, type MachineEvent } from "../../src/core/machine.js";
import { chartOf } from "../../src/inspector/page/model/chart.js";
import { type Box, layOut } from "../../src/inspector/page/model/chart-layout.js";

const chart = chartOf(acquisitionMachine);
const layout = layOut(chart);
const names = chart.nodes.map(({ name }) => name);

const EVENTS: readonly MachineEvent[] = [
  ...[{ type: "granted" }, { type: "heartbeat" }, { type: "reasserted" }, { type: "released" }],
  ...[
    { type: "expired", reason: "ttl" },
    { type: "abandoned", reason: "timeout" },
  ],
  ...[{ type: "RELEASE" }, { type: "CANCEL" }],
] as const;

type Snapshot = SnapshotFrom<typeof acquisitionMachine>;

describe("the chart", () => {
  test("has all states of the machine, and says which one begins and which end", () => {
    expect(names.sort()).toEqual(Object.keys(life.cells).sort());
    const by = (is: "isInitial" | "isFinal") =>
      chart.nodes.filter((node) => node[is]).map(({ name }) => name);
    expect(by("isInitial")).toEqual([life.initial.target]);
    expect(by("isFinal").sort()).toEqual(["abandoned", "expired", "released"]);
  });

  test("has a transition where the running machine makes one, and nowhere else", () => {
    const made: string[] = [];
    for (const name of names) {
      const from: Snapshot = acquisitionMachine.resolveState({
        value: toState(name),
        context: { acquisition: "a" },
      });
      if (from.status !== "active") continue;
      for (const event of EVENTS) {
        const moved = from.can(event) ? getNextSnapshot(acquisitionMachine, from, event) : from;
        const emits = life.cells[toState(name)][event.type]?.emits ?? [];
        if (moved.value !== from.value || isLoop(name, event.type)) {
          made.push(`${name} ${event.type} ${String(moved.value)}`);
        } else if (emits.length > 0) made.push(`${name} ${event.type} → ${emits.join()}`);
      }
    }
    const drawn = [
      ...chart.edges.flatMap(({ from, to, events }) =>
        events.map((event) => `${from} ${event} ${to}`),
      ),
      ...chart.nodes.flatMap(({ name, emits }) =>
        emits.filter((line) => !line.startsWith("entry")).map((line) => `${name} ${line}`),
      ),
    ];
    expect(drawn.sort()).toEqual(made.sort());
    expect(drawn).toHaveLength(16);
  });

  test("says what entering a state emits", () => {
    expect(chart.nodes.find(({ name }) => name === "queued")?.emits).toEqual([
      "entry → acquire",
      "CANCEL → cancel",
    ]);
  });
});

describe("its drawing", () => {
  test("has a box for every state, inside of the picture, and none over another", () => {
    const { boxes, width, height } = layout;
    expect(boxes).toHaveLength(names.length);
    for (const box of boxes) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.y).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
    }
    const overlapping = boxes.filter((one) =>
      boxes.some((other) => one !== other && overlap(one, other)),
    );
    expect(overlapping).toEqual([]);
  });

  test("has a route for every transition, from the border of the one state to that of the other", () => {
    expect(layout.routes.map(({ edge }) => edge)).toEqual(chart.edges);
    for (const { edge, path } of layout.routes) {
      const [x = 0, y = 0] = (/^M([\d.]+) ([\d.]+)/.exec(path) ?? []).slice(1).map(Number);
      const from = layout.boxes.find(({ node }) => node.name === edge.from);
      expect(from && onBorder(from, x, y), path).toBe(true);
    }
  });
});

function toState(name: string): keyof typeof life.cells {
  const known = Object.keys(life.cells).find((one): one is keyof typeof life.cells => one === name);
  if (known === undefined) throw new Error(`${name} is no state of the machine`);
  return known;
}

/** The table says where an event leads to the state that it comes from. */
function isLoop(name: string, event: MachineEvent["type"]): boolean {
  const cell = life.cells[toState(name)][event];
  const config = acquisitionMachine.config.states?.[toState(name)]?.on;
  const transition = config && Object.entries(config).find(([type]) => type === event)?.[1];
  return cell !== undefined && typeof transition === "string" && cell.target === name;
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function onBorder({ x, y, width, height }: Box, px: number, py: number): boolean {
  const isInside = px >= x && px <= x + width && py >= y && py <= y + height;
  return isInside && (px === x || px === x + width || py === y || py === y + height);
}
