/** Binary search: the index of the first item for which the test holds; it must then hold for all behind it. */
export function firstWhere<T>(items: readonly T[], test: (item: T) => boolean): number {
  let from = 0;
  let to = items.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const item = items[middle];
    if (item !== undefined && !test(item)) from = middle + 1;
    else to = middle;
  }
  return from;
}
