/** Slot swim lanes over time, with the depth of the queue under them: a canvas, moved by pointer, wheel and keys. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { App } from "../app/app.js";
import { drawLanes } from "../app/lanes-draw.js";
import { type Group, groupsOf, heightOf, spanAt } from "../app/lanes-layout.js";
import { AXIS_HEIGHT, type Palette } from "../app/lanes-scene.js";
import { Pointers } from "../app/pointers.js";
import { shortDuration, timeOfDay, visible } from "../model/format.js";
import type { Span } from "../model/lanes.js";
import { firstWhere } from "../model/search.js";

export function Lanes({ app, palette }: { readonly app: App; readonly palette: Palette }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [hovered, setHovered] = useState<{ span: Span; x: number; y: number }>();
  const { model, state, at } = app;
  const groups = model ? groupsOf(model.lanes, state, app.place.semaphore) : [];
  const gutter = size.width < 520 ? 46 : 56;
  showWhole(app);
  if (!app.isLive) app.lanes.reveal(at);
  app.lanes.width = Math.max(size.width - gutter, 100);
  const window = app.lanes.window(at);

  // The listeners outlive a drawing; they must see what was drawn last.
  const seen = useRef({ groups, gutter, size });
  seen.current = { groups, gutter, size };

  useLayoutEffect(() => observeSize(canvas.current, setSize), []);
  useLayoutEffect(() => {
    const node = canvas.current;
    const context = node?.getContext("2d", { alpha: false });
    if (!node || !context || size.width === 0) return;
    const top = clampTop(app, groups, size.height);
    const ratio = devicePixelRatio;
    resize(node, size.width * ratio, size.height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const scene = { groups, state, at, isLive: app.isLive, window, top, gutter, palette };
    const marked = { chosen: app.place.acquisition, hovered: hovered?.span.acquisition };
    node.dataset.span = String(window.to - window.from);
    node.dataset.drawn = String(drawLanes(context, { ...scene, ...marked, ...size }));
  });
  useEffect(() => {
    const node = canvas.current;
    if (!node) return;
    const pointers = new Pointers(node, {
      timeAt: (x) => timeAt(app, seen.current, x),
      pan: (dx, dy) => {
        const { size, gutter } = seen.current;
        if (dx !== 0) app.lanes.pan(-dx / (size.width - gutter), app.at);
        app.lanes.top -= dy;
        app.frames.ask();
      },
      zoom: (factor, x) => {
        const { size, gutter } = seen.current;
        app.lanes.zoom(factor, (x - gutter) / (size.width - gutter), app.at);
        app.frames.ask();
      },
      hover: (x, y) => {
        const span = hit(app, seen.current, x, y);
        setHovered(span && { span, x, y });
      },
      leave: () => setHovered(undefined),
      click: (x, y) => click(app, seen.current, x, y),
    });
    return () => pointers.stop();
  }, []);

  return (
    <section class="panel lanes" aria-label="Slots over time">
      <div class="panel-head">
        <h2>Slots over time</h2>
        <span class="legend" aria-hidden="true">
          <i class="swatch held" /> held <i class="swatch released" /> released{" "}
          <i class="swatch expired" /> expired <i class="swatch queued" /> queue
        </span>
        <span class="tools">
          <Tool label="Zoom out" text="−" act={() => zoomBy(app, 1.5)} />
          <Tool label="Zoom in" text="+" act={() => zoomBy(app, 1 / 1.5)} />
          <button
            type="button"
            class="tool"
            aria-pressed={app.lanes.isFollowing}
            onClick={() => {
              app.lanes.followNewest();
              app.frames.ask();
            }}
          >
            Follow
          </button>
        </span>
      </div>
      <div class="canvas-box">
        <canvas
          ref={canvas}
          tabIndex={0}
          role="img"
          aria-label={`${groups.length} semaphores, their slots over time. Arrow keys pan, plus and minus zoom.`}
          onKeyDown={(event) => onKey(app, event)}
        />
        {groups.length === 0 && <p class="empty over">Nothing has been held yet.</p>}
        {hovered && <Tip {...hovered} right={size.width} at={at} />}
      </div>
    </section>
  );
}

interface Seen {
  readonly groups: readonly Group[];
  readonly gutter: number;
  readonly size: { readonly width: number; readonly height: number };
}

function Tool({ label, text, act }: { label: string; text: string; act: () => void }) {
  return (
    <button type="button" class="tool" aria-label={label} title={label} onClick={act}>
      {text}
    </button>
  );
}

function Tip({
  span,
  x,
  y,
  right,
  at,
}: {
  span: Span;
  x: number;
  y: number;
  right: number;
  at: number;
}) {
  const heldMs = Math.min(span.to, Math.max(at, span.from)) - span.from;
  const end = span.to > at ? "held" : `${span.end ?? "ended"} (${span.reason ?? "reasserted"})`;
  return (
    <div
      class="tip"
      style={{ left: `${Math.max(4, Math.min(x + 12, right - 270))}px`, top: `${y + 16}px` }}
    >
      <b>{visible(span.acquisition)}</b>
      <span>
        slot {span.slot} · token {span.token}
      </span>
      <span>
        {timeOfDay(span.from)} · {shortDuration(heldMs)} · {end}
      </span>
    </div>
  );
}

/** What is read whole from a file is shown whole. */
function showWhole({ header, link, model, lanes }: App): void {
  if (header?.live !== false || link.state !== "ended" || !model) return;
  const first = model.timeline.events[0];
  if (first) lanes.fit(first.at, model.timeline.head.at);
}

function observeSize(
  node: HTMLCanvasElement | null,
  tell: (size: { width: number; height: number }) => void,
) {
  const box = node?.parentElement;
  if (!box) return;
  const observer = new ResizeObserver(() => {
    tell({ width: box.clientWidth, height: box.clientHeight });
  });
  observer.observe(box);
  return () => observer.disconnect();
}

function resize(node: HTMLCanvasElement, width: number, height: number): void {
  const [whole, high] = [Math.round(width), Math.round(height)];
  if (node.width !== whole) node.width = whole;
  if (node.height !== high) node.height = high;
}

function clampTop({ lanes }: App, groups: readonly Group[], height: number): number {
  const most = Math.max(0, heightOf(groups) - (height - AXIS_HEIGHT));
  lanes.top = Math.min(Math.max(lanes.top, 0), most);
  return lanes.top;
}

function timeAt({ lanes, at }: App, { gutter, size }: Seen, x: number): number {
  const { from, to } = lanes.window(at);
  return from + ((x - gutter) / (size.width - gutter)) * (to - from);
}

function hit(app: App, seen: Seen, x: number, y: number): Span | undefined {
  if (x < seen.gutter || y < AXIS_HEIGHT) return undefined;
  const tolerance = 3 * (timeAt(app, seen, x + 1) - timeAt(app, seen, x));
  const time = timeAt(app, seen, x);
  const span = spanAt(seen.groups, y - AXIS_HEIGHT + app.lanes.top, time, tolerance);
  // What is held now has no future to be found in.
  return span && !(app.isLive && span.from > app.at) ? span : undefined;
}

/** A bar is chosen, a place on the axis is a moment to go to, a title chooses its semaphore. */
function click(app: App, seen: Seen, x: number, y: number): void {
  if (y < AXIS_HEIGHT) {
    const { timeline } = app.model ?? {};
    if (!timeline) return;
    const time = timeAt(app, seen, x);
    app.goTo(timeline.start + firstWhere(timeline.events, ({ at }) => at > time));
    return;
  }
  const span = hit(app, seen, x, y);
  if (span) app.choose(span.acquisition);
}

function zoomBy(app: App, factor: number): void {
  app.lanes.zoom(factor, 0.5, app.at);
  app.frames.ask();
}

function onKey(app: App, event: KeyboardEvent): void {
  const { lanes, at } = app;
  switch (event.key) {
    case "ArrowLeft":
      lanes.pan(-0.1, at);
      break;
    case "ArrowRight":
      lanes.pan(0.1, at);
      break;
    case "ArrowUp":
      lanes.top -= 36;
      break;
    case "ArrowDown":
      lanes.top += 36;
      break;
    case "+":
    case "=":
      lanes.zoom(1 / 1.5, 0.5, at);
      break;
    case "-":
      lanes.zoom(1.5, 0.5, at);
      break;
    case "End":
      lanes.followNewest();
      break;
    default:
      return;
  }
  event.preventDefault();
  event.stopPropagation();
  app.frames.ask();
}
