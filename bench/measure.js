// @ts-check
// Rounds, medians and tables. The machine is shared and noisy: contenders take turns within each
// round, so that all of them see the same noise, and the median of the rounds counts.

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** E.g. the 0.99 quantile: 99 of 100 values are this or less. @param {readonly number[]} values @param {number} q */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? Number.NaN;
}

/**
 * Runs every contender once a round and returns the median cost of one operation, in nanoseconds.
 * The first round only warms up.
 *
 * @param {Record<string, (operations: number) => Promise<void> | void>} contenders
 * @param {{ operations: number, slow?: Record<string, number>, rounds?: number }} options
 *   `slow`: how many operations those do that would take all day otherwise
 */
export async function compare(contenders, { operations: most, slow = {}, rounds = 7 }) {
  /** @type {Map<string, number[]>} */
  const costs = new Map(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const operations = slow[name] ?? most;
      const start = process.hrtime.bigint();
      await run(operations);
      const ns = Number(process.hrtime.bigint() - start) / operations;
      if (round > 0) costs.get(name)?.push(ns);
    }
  }
  return new Map([...costs].map(([name, values]) => [name, median(values)]));
}

/**
 * Prints costs with the ratio of the first, ours, to each.
 *
 * @param {string} title
 * @param {Map<string, number>} costs
 */
export function report(title, costs) {
  console.log(`\n${title}`);
  const [ours = Number.NaN] = costs.values();
  for (const [name, ns] of costs) {
    const times = ours > ns / 100 ? `${(ours / ns).toFixed(2)}×` : `1/${(ns / ours).toFixed(0)} of`;
    const ratio = `slotstream is ${times} this`;
    console.log(
      `  ${name.padEnd(24)} ${ns.toFixed(0).padStart(8)} ns   ${ns === ours ? "" : ratio}`,
    );
  }
}
