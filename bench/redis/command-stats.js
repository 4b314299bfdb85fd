// @ts-check
// Counts what a server runs, by INFO commandstats: clients' commands and those inside of scripts.

/** @param {import("ioredis").Redis} control @returns {Promise<Map<string, number>>} calls by command, but for INFO itself */
export async function readStats(control) {
  const text = await control.info("commandstats");
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const [, name = "", calls] of text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)) {
    if (name !== "info") counts.set(name, Number(calls));
  }
  return counts;
}

/** @param {Map<string, number>} before @param {Map<string, number>} after */
export function difference(before, after) {
  return new Map(
    [...after]
      .map(([name, calls]) => /** @type {const} */ ([name, calls - (before.get(name) ?? 0)]))
      .filter(([, calls]) => calls > 0),
  );
}
