/** The part of time that the lanes show: pan, zoom, and the marks of its axis. Times in milliseconds. */

export interface Span1D {
  readonly from: number;
  readonly to: number;
}

const LEAST_MS = 20;
const MOST_MS = 30 * 24 * 3_600_000;

/** The same length, further on by this share of it. */
export function panned({ from, to }: Span1D, share: number): Span1D {
  const by = (to - from) * share;
  return { from: from + by, to: to + by };
}

/** Longer (`factor` over 1) or shorter; what is at `anchor`, a share from 0 to 1, stays in its place. */
export function zoomed({ from, to }: Span1D, factor: number, anchor: number): Span1D {
  const length = to - from;
  const wanted = Math.min(Math.max(length * factor, LEAST_MS), MOST_MS);
  const fixed = from + length * anchor;
  return { from: fixed - wanted * anchor, to: fixed + wanted * (1 - anchor) };
}

const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000],
  ...[60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000],
  ...[43_200_000, 86_400_000, 172_800_000, 604_800_000],
];

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Marks at round times of the day, at most so many. */
export function ticksOf({ from, to }: Span1D, most: number, offsetMs: number): Tick[] {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? STEPS.at(-1) ?? 1;
  const first = Math.ceil((from + offsetMs) / step) * step;
  const ticks: Tick[] = [];
  for (let local = first; local <= to + offsetMs; local += step) {
    ticks.push({ at: local - offsetMs, label: tickLabel(local, step) });
  }
  return ticks;
}

function tickLabel(local: number, step: number): string {
  const text = new Date(local).toISOString();
  if (step >= 86_400_000) return text.slice(5, 10);
  if (step >= 60_000) return text.slice(11, 16);
  if (step >= 1_000) return text.slice(11, 19);
  return text.slice(14, 23);
}
