/** What the simulator throws when something is wrong. The numbers are those of docs/ARCHITECTURE.md. */

export class SimulationError extends Error {
  override readonly name = "SimulationError";
}

/** @throws SimulationError unless it holds. */
export function demand(invariant: number, holds: boolean, otherwise: () => string): void {
  if (!holds) throw new SimulationError(`invariant ${invariant}: ${otherwise()}`);
}
