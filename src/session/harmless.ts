/**
 * Calls what belongs to the user (a logger, an observer) so that its failure, thrown or rejected,
 * never becomes slotstream's.
 */
export function harmlessly(call: () => unknown): void {
  try {
    const result = call();
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // There is nobody to tell.
  }
}
