/** Draws the view: from a model and the size of a terminal to lines, none wider than that, nor more than fit. */

import { showDuration } from "../duration.js";
import { printable } from "../table.js";
import { cut, fill, wrap } from "./cells.js";
import { stack } from "./layout.js";
import type { Size, View } from "./model.js";
import type { Paint, Style } from "./paint.js";
import { sectionsOf } from "./sections.js";

const KEYS = "q quit  j/k choose  p pause  ? help";

/** In fewer rows, there is more to say than which keys there are. */
const LEAST_WITH_FOOT = 5;

const HELP = [
  "q, Ctrl-C   quit",
  "j, down     the next semaphore",
  "k, up       the one before",
  "p, space    pause, and go on",
  "?, h        this help, and back",
  "",
  "Semaphores are listed by pressure: how many hold a slot or wait for one, for each slot that there is. " +
    "+3 means that three wait.",
  "",
  "Times are log time, in UTC. Heartbeats and ticks are left out.",
];

/** As many lines as the terminal has rows. */
export function draw(view: View, size: Size, paint: Paint): string[] {
  const { columns: width, rows } = size;
  const head = headOf(view, width, paint);
  const foot = rows > LEAST_WITH_FOOT ? [footOf(view, width, paint)] : [];
  const room = Math.max(0, rows - head.length - foot.length);
  const body = view.showsHelp
    ? HELP.flatMap((line) => wrap(line, width)).slice(0, room)
    : stack(sectionsOf(view, width, paint), room);
  const blank = Array.from({ length: Math.max(0, room - body.length) }, () => "");
  return [...head, ...body, ...blank, ...foot].slice(0, rows);
}

/** Where it looks, and how that is. */
function headOf(view: View, width: number, paint: Paint): string[] {
  const { address, namespace, notice } = view;
  const [style, health] = healthOf(view);
  const lines = [
    paint("title", cut(`${address}  namespace ${printable(namespace)}`, width)),
    paint(style, cut(health, width)),
  ];
  if (notice !== undefined) lines.push(paint("busy", cut(printable(notice), width)));
  return lines;
}

function healthOf(view: View): [style: Style, text: string] {
  const { outage, isPaused, rate, status } = view;
  if (outage) {
    return ["alarming", `for ${showDuration(outage.forMs)}: ${printable(outage.reason)}`];
  }
  const parts = [
    ...(isPaused ? ["PAUSED"] : []),
    `${new Date(status.now).toISOString().slice(0, 19)}Z`,
    ...(rate === undefined ? [] : [`${shownRate(rate)} events/s`]),
    ...pauseOf(view),
    leaderOf(view),
  ];
  return [isPaused ? "busy" : "faint", parts.join("  ")];
}

function pauseOf({ status }: View): string[] {
  const leftMs = status.pausedUntil - status.now;
  return leftMs > 0 ? [`grants pause for ${showDuration(leftMs)}`] : [];
}

function leaderOf({ status: { leader } }: View): string {
  if (leader === undefined) return "nobody leads";
  return `leader ${printable(leader.candidate)}, epoch ${leader.epoch}`;
}

function shownRate(rate: number): string {
  return rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en");
}

function footOf({ isPaused }: View, width: number, paint: Paint): string {
  return paint("faint", fill(isPaused ? KEYS.replace("pause", "go on") : KEYS, width).trimEnd());
}
