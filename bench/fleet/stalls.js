// @ts-check
// How long clients saw no grant around a fault, by their own records.

/** In so many microseconds after a fault everything is as before, or never will be. */
const REACH = 10_000_000;

/**
 * For every fault and every client, the longest time between two of its grants that the fault
 * caused: one that ended after the fault, and began before the next one.
 *
 * @param {import("./records.js").Run} run
 * @param {readonly number[]} faults when each began
 * @returns {number[]} microseconds
 */
export function stallsOf({ clients }, faults) {
  return [...clients.values()].flatMap((records) => {
    const grants = records.flatMap(({ type, at }) => (type === "enter" ? [at] : []));
    const gaps = grants.slice(1).map((to, i) => ({ from: grants[i] ?? to, to }));
    return faults.map((fault, i) => {
      const until = Math.min(faults[i + 1] ?? Infinity, fault + REACH);
      const caused = gaps.filter(({ from, to }) => to > fault && from < until);
      return Math.max(0, ...caused.map(({ from, to }) => to - from));
    });
  });
}
