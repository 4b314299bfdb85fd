/** The parts of the view below its head: semaphores by pressure, slots and queue of one, the last events. */

import { describeEvent, type Event } from "../../index.js";
import { showDuration } from "../duration.js";
import { METADATA } from "../listing.js";
import { printable } from "../table.js";
import { columns, cut, fill } from "./cells.js";
import { partOf, type Section } from "./layout.js";
import { pressure, type Semaphore, type View } from "./model.js";
import type { Paint, Style } from "./paint.js";

/** Ids and durations beyond it are cut, so that something is left for the metadata. */
const WIDEST_CELL = 32;
/** A list of events that is longer fills no terminal. */
export const MOST_EVENTS = 200;

export function sectionsOf(view: View, width: number, paint: Paint): Section[] {
  return [
    semaphoresSection(view, width, paint),
    slotsSection(view, width, paint),
    queueSection(view, width, paint),
    eventsSection(view, width, paint),
  ];
}

function semaphoresSection({ semaphores, chosen }: View, width: number, paint: Paint): Section {
  const focus = Math.max(
    0,
    semaphores.findIndex(({ name }) => name === chosen),
  );
  const title = semaphores.length === 0 ? "no semaphore is in use" : `${semaphores.length} in use`;
  return {
    wants: 1 + semaphores.length,
    lines: (rows) => {
      const { items, more } = partOf(semaphores, rows - 1, focus);
      return [
        paint("title", cut(title, width)),
        ...semaphoreLines(items, chosen, width, paint),
        ...moreLine(more, width, paint),
      ];
    },
  };
}

function semaphoreLines(
  shown: readonly Semaphore[],
  chosen: string | undefined,
  width: number,
  paint: Paint,
): string[] {
  const figures = shown.map(({ held, slots }) => `${held}/${slots}`);
  const queues = shown.map(({ queued }) => (queued > 0 ? `+${queued}` : ""));
  const [figureWidth, queueWidth] = [longest(figures), Math.max(2, longest(queues))];
  const barWidth = barWidthOf(width);
  const nameWidth = width - 2 - (barWidth + 1) - (figureWidth + 1) - (queueWidth + 1);
  return shown.map((semaphore, index) => {
    const isChosen = semaphore.name === chosen;
    const name = `${isChosen ? "▸" : " "} ${fill(printable(semaphore.name), Math.max(nameWidth, 0))}`;
    const bar = barWidth > 0 ? ` ${barOf(semaphore, barWidth)}` : "";
    const figure = ` ${fill(figures[index] ?? "", figureWidth, "right")}`;
    const queue = ` ${fill(queues[index] ?? "", queueWidth, "right")}`;
    const style = styleOf(semaphore);
    if (nameWidth < 1) return cut(name + figure + queue, width);
    return (isChosen ? paint("chosen", name) : name) + paint(style, bar + figure + queue);
  });
}

function barWidthOf(width: number): number {
  if (width >= 72) return 24;
  return width >= 36 ? 10 : 0;
}

/** E.g. `██████░░░░`: what is held of what there is. */
function barOf({ held, slots }: Semaphore, width: number): string {
  const share = slots > 0 ? Math.min(held / slots, 1) : 1;
  // Something held is never nothing, and not all held is never full.
  const filled = share === 1 ? width : Math.min(Math.ceil(share * width), width - 1);
  return "█".repeat(filled) + "░".repeat(width - filled);
}

function styleOf(semaphore: Semaphore): Style {
  if (semaphore.queued > 0) return "alarming";
  return pressure(semaphore) >= 0.75 ? "busy" : "calm";
}

function slotsSection(view: View, width: number, paint: Paint): Section {
  const { chosen, detail, status } = view;
  if (chosen === undefined) return NOTHING;
  const name = printable(chosen);
  if (detail?.name !== chosen) return titleOnly(`${name} …`, width, paint);
  const { holders } = detail;
  if (holders.length === 0) return titleOnly(`${name}: nobody holds a slot`, width, paint);
  const title = `${name}: who holds which slot, for how long`;
  return listSection(title, holders, width, paint, (holder) => [
    `  ${holder.slotNumber}`,
    since(holder.grantedAt, status.now),
    printable(holder.id),
    `${holder.revoked ? "revoked " : ""}${printable(METADATA.cell(holder))}`,
  ]);
}

function queueSection(view: View, width: number, paint: Paint): Section {
  const { chosen, detail, status } = view;
  if (chosen === undefined || detail?.name !== chosen) return NOTHING;
  const { waiters } = detail;
  if (waiters.length === 0) return titleOnly("nobody waits", width, paint);
  const title = `${waiters.length} ${waiters.length === 1 ? "waits" : "wait"}, the head of the queue first`;
  return listSection(title, waiters, width, paint, (waiter) => [
    `  ${waiter.position}.`,
    since(waiter.queuedAt, status.now),
    printable(waiter.id),
    printable(METADATA.cell(waiter)),
  ]);
}

function listSection<T>(
  title: string,
  all: readonly T[],
  width: number,
  paint: Paint,
  cells: (item: T) => string[],
): Section {
  return {
    wants: 1 + all.length,
    lines: (rows) => {
      const { items, more } = partOf(all, rows - 1);
      return [
        paint("title", cut(title, width)),
        ...columns(items.map(cells), WIDEST_CELL).map((line) => cut(line, width)),
        ...moreLine(more, width, paint),
      ];
    },
  };
}

function eventsSection({ events, status }: View, width: number, paint: Paint): Section {
  if (status.seq === 0) return titleOnly("nothing has happened here yet", width, paint);
  return {
    wants: 1 + events.length,
    lines: (rows) => [
      paint("title", cut("last events, the newest first", width)),
      ...events.slice(0, rows - 1).map((event) => eventLine(event, width, paint)),
    ],
  };
}

function eventLine(event: Event, width: number, paint: Paint): string {
  const time = cut(`  ${timeOf(event.at)}  `, width);
  const text = cut(printable(describeEvent(event)), width - time.length);
  return paint("faint", time) + paint(styleOfEvent(event), text);
}

function styleOfEvent({ type }: Event): Style {
  if (type === "expired" || type === "abandoned" || type === "restarted") return "alarming";
  if (type === "revoked" || type === "resized" || type === "ignored" || type === "refused") {
    return "busy";
  }
  return type === "granted" || type === "reasserted" ? "calm" : "faint";
}

function titleOnly(title: string, width: number, paint: Paint): Section {
  return { wants: 1, lines: () => [paint("title", cut(title, width))] };
}

const NOTHING: Section = { wants: 0, lines: () => [] };

function moreLine(more: number, width: number, paint: Paint): string[] {
  return more > 0 ? [paint("faint", cut(`  … and ${more} more`, width))] : [];
}

/** In whole seconds, so that not all changes all the time. */
function since(at: number, now: number): string {
  const seconds = Math.floor(Math.max(0, now - at) / 1_000);
  return seconds < 60 ? `${seconds} s` : showDuration(1_000 * seconds);
}

/** Of the day, in UTC as everywhere else. */
function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}
