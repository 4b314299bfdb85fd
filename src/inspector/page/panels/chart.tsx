/** The statechart of the chosen acquisition: the machine itself, its active state, and the transition that led there. */

import { acquisitionMachine } from "../../../core/machine.js";
import type { LifeStep } from "../../../history/life.js";
import type { App } from "../app/app.js";
import { chartOf } from "../model/chart.js";
import { type Box, layOut, type Route } from "../model/chart-layout.js";

const CHART = layOut(chartOf(acquisitionMachine));

export function Chart({ app }: { readonly app: App }) {
  const { follow, seq } = app;
  const steps = follow?.steps() ?? [];
  const step = follow?.at(seq);
  const place = step ? steps.indexOf(step) : -1;
  const active = step && nameOf(step);
  const before = steps[place - 1];
  const last =
    step && active !== undefined
      ? { from: before && nameOf(before), to: active, type: step.event.type }
      : undefined;
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${CHART.width} ${CHART.height}`}
      role="img"
      aria-label={active ? `Statechart: ${active}` : "Statechart: not there at this moment"}
      data-active={active ?? ""}
      data-last={last ? `${last.from ?? ""}>${last.type}` : ""}
    >
      <Heads />
      {CHART.routes.map((route) => (
        <Transition
          key={`${route.edge.from}-${route.edge.to}`}
          route={route}
          isLast={isLast(route, last)}
        />
      ))}
      <Labels last={last} />
      {CHART.boxes.map((box) => (
        <State key={box.node.name} box={box} isActive={box.node.name === active} />
      ))}
    </svg>
  );
}

interface Last {
  readonly from: string | undefined;
  readonly to: string;
  readonly type: string;
}

function nameOf({ snapshot }: LifeStep): string {
  return String(snapshot.value);
}

function isLast({ edge }: Route, last: Last | undefined): boolean {
  return (
    last !== undefined &&
    edge.from === last.from &&
    edge.to === last.to &&
    edge.events.includes(last.type)
  );
}

function Heads() {
  return (
    <defs>
      {["head", "head-last"].map((id) => (
        <marker
          key={id}
          id={id}
          class={id}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto-start-reverse"
        >
          <path d="M1 1L7 4L1 7z" />
        </marker>
      ))}
    </defs>
  );
}

function Transition({ route, isLast }: { readonly route: Route; readonly isLast: boolean }) {
  const head = isLast ? "url(#head-last)" : "url(#head)";
  return <path class={isLast ? "edge last" : "edge"} d={route.path} marker-end={head} />;
}

/** Transitions into a state by the same events share one label. */
function Labels({ last }: { readonly last: Last | undefined }) {
  const labels = new Map<string, { route: Route; isLast: boolean }>();
  for (const route of CHART.routes) {
    const { x, y } = route.label;
    const key = `${x} ${y} ${route.edge.events.join(" ")}`;
    const known = labels.get(key);
    labels.set(key, { route, isLast: isLast(route, last) || known?.isLast === true });
  }
  return (
    <>
      {[...labels].map(([key, { route, isLast }]) => {
        const { x, y, anchor } = route.label;
        const lines = route.edge.events;
        return (
          <text key={key} class={isLast ? "label last" : "label"} x={x} y={y} text-anchor={anchor}>
            {lines.map((line, index) => (
              <tspan key={line} x={x} dy={index === 0 ? (1 - lines.length) * 5.5 : 11}>
                {line}
              </tspan>
            ))}
          </text>
        );
      })}
    </>
  );
}

function State({ box, isActive }: { readonly box: Box; readonly isActive: boolean }) {
  const { node, x, y, width, height } = box;
  const middle = x + width / 2;
  const headY = node.isFinal ? y + height / 2 + 4 : y + 17;
  return (
    <g class={`state ${node.name}${node.isFinal ? " final" : ""}${isActive ? " active" : ""}`}>
      {node.isInitial && <path class="edge" d={`M${middle} 1V${y}`} marker-end="url(#head)" />}
      {node.isInitial && <circle class="initial" cx={middle} cy="4" r="3.5" />}
      <rect x={x} y={y} width={width} height={height} rx={node.isFinal ? height / 2 : 7} />
      {node.isFinal && (
        <rect
          class="inner"
          x={x + 3}
          y={y + 3}
          width={width - 6}
          height={height - 6}
          rx={height / 2 - 3}
        />
      )}
      <text class="title" x={middle} y={headY} text-anchor="middle">
        {node.name}
      </text>
      {node.emits.map((line, index) => (
        <text key={line} class="emits" x={middle} y={y + 31 + index * 13} text-anchor="middle">
          {line}
        </text>
      ))}
    </g>
  );
}
