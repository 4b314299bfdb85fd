// @ts-check
/** How far the demo is: a bar on a terminal, a line for every quarter elsewhere. */

import progress from "cli-progress";

/**
 * Returns what shall be called for each file that is done.
 * @param {number} total
 */
export function showProgress(total) {
  return process.stderr.isTTY ? showBar(total) : showQuarters(total);
}

/** @param {number} total */
function showBar(total) {
  const bar = new progress.SingleBar(
    { format: "{bar} {value} of {total} files", stopOnComplete: true },
    progress.Presets.shades_classic,
  );
  bar.start(total, 0);
  return () => bar.increment();
}

/** @param {number} total */
function showQuarters(total) {
  const quarters = [0.25, 0.5, 0.75, 1].map((share) => Math.ceil(share * total));
  let done = 0;
  return () => {
    done++;
    if (quarters.includes(done)) console.error(`${done} of ${total} files`);
  };
}
