// @ts-check
// Aligned plain text: tables, numbers with their units, targets met or missed.

/**
 * The first column is words, the others are figures.
 *
 * @param {string} title
 * @param {readonly string[]} heads
 * @param {readonly (readonly string[])[]} rows
 */
export function printTable(title, heads, rows) {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (/** @type {readonly string[]} */ cells) =>
    widths
      .map((width, i) =>
        i === 0 ? (cells[i] ?? "").padEnd(width) : (cells[i] ?? "").padStart(width),
      )
      .join("   ")
      .trimEnd();
  console.log(`\n${title}`);
  for (const row of [heads, ...rows]) console.log(`  ${line(row)}`);
}

/** @param {string} wanted e.g. `at most 4 commands a job` @param {boolean} met */
export function printTarget(wanted, met) {
  console.log(`  target: ${wanted}: ${met ? "met" : "MISSED"}`);
}

/** @param {number} value @param {number} [digits] */
export function figure(value, digits = 0) {
  if (Number.isNaN(value)) return "–";
  return value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** @param {number} value nanoseconds */
export function micros(value) {
  return `${figure(value / 1e3)} µs`;
}

/** @param {number} value nanoseconds */
export function millis(value, digits = 0) {
  return `${figure(value / 1e6, digits)} ms`;
}

/** @param {number} value */
export function megabytes(value) {
  return `${figure(value / 1024 / 1024)} MB`;
}

/** @param {number} value */
export function ratio(value) {
  if (Number.isNaN(value)) return "–";
  return `${figure(value, 2)}×`;
}
