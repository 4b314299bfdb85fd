/** How the rows of the terminal are shared, and which part of a list is shown in them. */

/** Part of the view: a title, and lines below it. */
export interface Section {
  /** How many rows it could fill, its title included. */
  readonly wants: number;
  /** At most so many lines. */
  readonly lines: (rows: number) => string[];
}

/** A title and one line below it: less of a section says nothing. */
const LEAST_ROWS = 2;

/** The sections from the top on, the important ones first: as far as there is room, each gets what it wants. */
export function stack(sections: readonly Section[], rows: number): string[] {
  const places = sections.map((section) => ({ section, rows: 0 }));
  let left = rows;
  for (const place of places) {
    const least = Math.min(LEAST_ROWS, place.section.wants);
    if (least > left) break;
    place.rows = least;
    left -= least;
  }
  for (let before = -1; left !== before; ) {
    before = left;
    for (const place of places) {
      if (left === 0 || place.rows === 0 || place.rows >= place.section.wants) continue;
      place.rows++;
      left--;
    }
  }
  return places.flatMap(({ section, rows }) => (rows > 0 ? section.lines(rows) : []));
}

export interface Part<T> {
  readonly items: readonly T[];
  /** How many are not among them. One row is needed to say so. */
  readonly more: number;
}

/** What fits into so many rows; the one at `focus` is always among it. */
export function partOf<T>(items: readonly T[], rows: number, focus = 0): Part<T> {
  if (items.length <= rows) return { items, more: 0 };
  // Of two rows, one with an item and one that says how many there are tells more; of one row, the item does.
  const visible = Math.max(1, rows - 1);
  const start = Math.min(Math.max(0, focus - visible + 1), items.length - visible);
  return {
    items: items.slice(start, start + visible),
    more: rows > 1 ? items.length - visible : 0,
  };
}
