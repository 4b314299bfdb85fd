/**
 * Where the statechart's states and transitions are drawn. Any flat machine: open states one below the other, in order
 * of their rank; final ones beside each other at the bottom; transitions go straight down, or round the side.
 */

import type { Chart, ChartEdge, ChartNode } from "./chart.js";

export interface Box {
  readonly node: ChartNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Route {
  readonly edge: ChartEdge;
  /** An SVG path, from the one state to the other. */
  readonly path: string;
  /** Where its label stands, and to which side of that it goes. */
  readonly label: {
    readonly x: number;
    readonly y: number;
    readonly anchor: "start" | "middle" | "end";
  };
}

export interface ChartLayout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly routes: readonly Route[];
}

const OPEN = { x: 76, width: 122, line: 13, head: 22, gap: 36 };
const FINAL = { x: 4, width: 88, height: 30, gap: 10 };
/** Beside the open states, for transitions that lead back to where they begin. */
const LOOPS = 56;
const TOP = 14;
const BEND = 9;

export function layOut({ nodes, edges }: Chart): ChartLayout {
  const boxes = new Map<string, Box>();
  const finals = sortedFinals(
    nodes.filter(({ isFinal }) => isFinal),
    nodes,
    edges,
  );
  let y = TOP;
  const open = nodes.filter(({ isFinal }) => !isFinal).sort((a, b) => a.rank - b.rank);
  for (const node of open) {
    const height = OPEN.head + OPEN.line * node.emits.length + 6;
    boxes.set(node.name, { node, x: OPEN.x, y, width: OPEN.width, height });
    y += height + OPEN.gap;
  }
  // The first final state stands to the left of the open ones, the others to the right.
  const beside = OPEN.x + OPEN.width + LOOPS;
  for (const [place, node] of finals.entries()) {
    const x = place === 0 ? FINAL.x : beside + (place - 1) * (FINAL.width + FINAL.gap);
    boxes.set(node.name, { node, x, y: y + 4, width: FINAL.width, height: FINAL.height });
  }
  const height = y + 4 + FINAL.height + 6;
  const width = beside + Math.max(1, finals.length - 1) * (FINAL.width + FINAL.gap);
  return { width, height, boxes: [...boxes.values()], routes: routesOf(edges, boxes) };
}

/** Those that the latest open states lead to come first. */
function sortedFinals(
  finals: readonly ChartNode[],
  nodes: readonly ChartNode[],
  edges: readonly ChartEdge[],
): ChartNode[] {
  const rankOf = new Map(nodes.map(({ name, rank }) => [name, rank]));
  const depth = ({ name }: ChartNode) =>
    Math.max(...edges.filter(({ to }) => to === name).map(({ from }) => rankOf.get(from) ?? 0));
  return [...finals].sort((a, b) => depth(b) - depth(a));
}

function routesOf(edges: readonly ChartEdge[], boxes: ReadonlyMap<string, Box>): Route[] {
  return edges.flatMap((edge) => {
    const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
    if (!from || !to) return [];
    if (from === to) return [loop(edge, from)];
    if (to.node.isFinal) return [toFinal(edge, from, to, edges, boxes)];
    return [vertical(edge, from, to)];
  });
}

/** Beside the state, out of its right side and back. */
function loop(edge: ChartEdge, { x, y, width }: Box): Route {
  const right = x + width;
  const path = `M${right} ${y + 8}h16q8 0 8 8v2q0 8 -8 8h-16`;
  return { edge, path, label: { x: right + 30, y: y + 20, anchor: "start" } };
}

/** Between open states: those down stand left of those up. */
function vertical(edge: ChartEdge, from: Box, to: Box): Route {
  const isDown = to.y > from.y;
  const x = from.x + from.width / 2 + (isDown ? -18 : 18);
  const [start, end] = isDown ? [from.y + from.height, to.y] : [from.y, to.y + to.height];
  const middle = (start + end) / 2 + 3;
  const label = { x: x + (isDown ? -7 : 7), y: middle, anchor: isDown ? "end" : "start" } as const;
  return { edge, path: `M${x} ${start}V${end}`, label };
}

/** Out of the side that faces the final state, then down. The further up it begins, the further out it runs. */
function toFinal(
  edge: ChartEdge,
  from: Box,
  to: Box,
  edges: readonly ChartEdge[],
  boxes: ReadonlyMap<string, Box>,
): Route {
  const rank = (name: string) => boxes.get(name)?.node.rank ?? 0;
  const sources = edges
    .filter((other) => other.to === edge.to)
    .map((other) => other.from)
    .sort((a, b) => rank(b) - rank(a));
  const isRight = to.x + to.width / 2 > from.x + from.width / 2;
  const sign = isRight ? 1 : -1;
  const place = sources.indexOf(edge.from) - (sources.length - 1) / 2;
  const x = to.x + to.width / 2 + sign * place * 12;
  const startX = isRight ? from.x + from.width : from.x;
  const y = from.y + from.height - 12;
  const path = `M${startX} ${y}H${x - sign * BEND}Q${x} ${y} ${x} ${y + BEND}V${to.y}`;
  return { edge, path, label: { x: to.x + to.width / 2, y: to.y - 12, anchor: "middle" } };
}
