/** What `slotstream watch` shows, as data: filled by `live-view.ts`, drawn by `draw.ts`. */

import type { Event, Holder, Waiter } from "../../index.js";

/** The state of a partition as a whole, read at every look. Times are log time, in milliseconds since the epoch. */
export interface Status {
  readonly now: number;
  /** Number of the last event; 0 before the first. */
  readonly seq: number;
  /** Who leads, and in which term; `undefined` if nobody does. */
  readonly leader: { readonly candidate: string; readonly epoch: string } | undefined;
  /** Nothing is granted before; in the past, if grants don't pause. */
  readonly pausedUntil: number;
}

export interface Semaphore {
  readonly name: string;
  readonly held: number;
  readonly slots: number;
  readonly queued: number;
}

/** Who holds and who waits, of one semaphore. */
export interface Detail {
  readonly name: string;
  /** In order of their slots. */
  readonly holders: readonly Holder[];
  /** In order of the queue. */
  readonly waiters: readonly Waiter[];
}

export interface View {
  /** Without user and password. */
  readonly address: string;
  readonly namespace: string;
  readonly status: Status;
  /** Why the last look failed, and how long ago the last good one was. */
  readonly outage: { readonly reason: string; readonly forMs: number } | undefined;
  /** Events a second; `undefined` until there is something to tell it by. */
  readonly rate: number | undefined;
  /** In use, by pressure. */
  readonly semaphores: readonly Semaphore[];
  /** The one whose slots and queue are shown. */
  readonly chosen: string | undefined;
  readonly detail: Detail | undefined;
  /** The last ones, the newest first. */
  readonly events: readonly Event[];
  /** Warnings about Redis's settings. */
  readonly notice: string | undefined;
  readonly isPaused: boolean;
  readonly showsHelp: boolean;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** How many want a slot for each that there is; the highest first, then by name. */
export function byPressure(semaphores: readonly Semaphore[]): Semaphore[] {
  return semaphores.toSorted((a, b) => pressure(b) - pressure(a) || (a.name < b.name ? -1 : 1));
}

/** From 0 on; with 1 it is full, above that somebody waits. */
export function pressure({ held, slots, queued }: Semaphore): number {
  const wanted = held + queued;
  if (slots > 0) return wanted / slots;
  return wanted > 0 ? Number.MAX_VALUE : 0;
}

/** The semaphore beside the chosen one in the list; the first, if that has gone. */
export function neighbour(
  { semaphores, chosen }: Pick<View, "semaphores" | "chosen">,
  step: 1 | -1,
): string | undefined {
  const index = semaphores.findIndex(({ name }) => name === chosen);
  const next = index === -1 ? 0 : Math.min(Math.max(index + step, 0), semaphores.length - 1);
  return semaphores[next]?.name ?? chosen;
}
