/** Which rows the lanes have, and where: for each semaphore a title, its slots, and the depth of its queue. */

import type { State } from "../../../core/state.js";
import type { Lanes, Span, Track } from "../model/lanes.js";
import { firstWhere } from "../model/search.js";

export const TITLE_HEIGHT = 22;
export const DEPTH_HEIGHT = 34;
const GROUP_GAP = 10;

export interface Group {
  readonly track: Track;
  readonly y: number;
  readonly rowHeight: number;
  readonly rows: number;
  readonly height: number;
}

/** Sorted by name, so that nothing jumps; with a chosen one, that alone. */
export function groupsOf(lanes: Lanes, state: State, chosen: string | undefined): Group[] {
  const alone = chosen === undefined ? undefined : lanes.tracks.get(chosen);
  const tracks = alone ? [alone] : [...lanes.tracks.values()];
  if (!alone) tracks.sort((a, b) => (a.name < b.name ? -1 : 1));
  let y = 0;
  return tracks.map((track) => {
    const slots = state.semaphores.get(track.name)?.effective ?? 0;
    const rows = Math.max(track.lanes.length, Math.min(slots, 1_000));
    const rowHeight = rows <= 24 ? 18 : rows <= 80 ? 9 : 4;
    const height = TITLE_HEIGHT + rows * rowHeight + DEPTH_HEIGHT + GROUP_GAP;
    const group = { track, y, rowHeight, rows, height };
    y += height;
    return group;
  });
}

export function heightOf(groups: readonly Group[]): number {
  const last = groups.at(-1);
  return last ? last.y + last.height : 0;
}

/** The hold at this height and time, if there is one. `tolerance`: so far beside it is near enough. */
export function spanAt(
  groups: readonly Group[],
  y: number,
  at: number,
  tolerance: number,
): Span | undefined {
  const group = groups[firstWhere(groups, (one) => one.y + one.height > y)];
  if (group === undefined) return undefined;
  const slot = Math.floor((y - group.y - TITLE_HEIGHT) / group.rowHeight);
  const lane = group.track.lanes[slot] ?? [];
  const near = lane[firstWhere(lane, ({ to }) => to + tolerance >= at)];
  return near && near.from - tolerance <= at ? near : undefined;
}
