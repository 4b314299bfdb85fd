/** Counts by name. */

export type Counts = Readonly<Record<string, number>>;

export class Tally<Name extends string = string> {
  private readonly counts = new Map<Name, number>();

  add(name: Name, times = 1): void {
    this.counts.set(name, this.of(name) + times);
  }

  of(name: Name): number {
    return this.counts.get(name) ?? 0;
  }

  /** In the order of the names. */
  get all(): Counts {
    return sorted(Object.fromEntries(this.counts));
  }
}

export function sumOf(all: readonly Counts[]): Counts {
  const tally = new Tally();
  for (const counts of all) {
    for (const [name, times] of Object.entries(counts)) tally.add(name, times);
  }
  return tally.all;
}

export function totalOf(counts: Counts): number {
  return Object.values(counts).reduce((total, times) => total + times, 0);
}

function sorted(counts: Counts): Counts {
  const byName = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(byName);
}
