/** The rows of the table of semaphores, the greatest pressure first: who has the most waiting for the fewest slots. */

import type { State } from "../../../core/state.js";
import type { Lanes } from "./lanes.js";
import type { WaitFigures } from "./waits.js";

export interface SemaphoreRow {
  readonly name: string;
  /** How many slots there are; another number than `declared` after a resize. */
  readonly value: number;
  readonly declared: number;
  readonly held: number;
  readonly queued: number;
  readonly pressure: number;
  readonly waits: WaitFigures | undefined;
}

/** In the order of the state. */
export function rowsOf(state: State, lanes: Lanes): SemaphoreRow[] {
  const rows: SemaphoreRow[] = [];
  for (const { name, effective, declared, holders, queue } of state.semaphores.values()) {
    const [held, queued] = [holders.size, queue.size];
    const pressure = (held + queued) / Math.max(effective, 0.5);
    const waits = lanes.tracks.get(name)?.waits.figuresAt(state.seq);
    rows.push({ name, value: effective, declared, held, queued, pressure, waits });
  }
  return rows;
}

export function byPressure(a: SemaphoreRow, b: SemaphoreRow): number {
  return b.pressure - a.pressure || (a.name < b.name ? -1 : 1);
}

/** Rows keep their places for a while, so that one can read and click them while all else changes. */
export class SteadyOrder {
  private places = new Map<string, number>();
  private sortedAt = -Infinity;

  constructor(private readonly everyMs: number) {}

  /** They take their places anew the next time: all is different. */
  reset(): void {
    this.sortedAt = -Infinity;
  }

  sort(rows: readonly SemaphoreRow[], now: number): SemaphoreRow[] {
    const isDue = now - this.sortedAt >= this.everyMs || rows.length !== this.places.size;
    if (isDue) {
      const sorted = [...rows].sort(byPressure);
      this.places = new Map(sorted.map(({ name }, place) => [name, place]));
      this.sortedAt = now;
      return sorted;
    }
    const last = this.places.size;
    const placeOf = ({ name }: SemaphoreRow) => this.places.get(name) ?? last;
    return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
  }
}
