/** When a process has nothing left to do, it may still say goodbye. */

const listeners = new Set<() => void>();

/** Called when the process would end by itself; returns how to stop listening. */
export function onIdleProcess(listener: () => void): () => void {
  // One for all, since Node warns of a leak when there are more than ten.
  if (listeners.size === 0) process.on("beforeExit", tellAll);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) process.off("beforeExit", tellAll);
  };
}

function tellAll(): void {
  for (const listener of [...listeners]) listener();
}
