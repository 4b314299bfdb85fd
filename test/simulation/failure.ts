/** What the simulator throws when something is wrong. The numbers are those of docs/ARCHITECTURE.md. */

import { Tally } from "./tally.js";

export class SimulationError extends Error {
  override readonly name = "SimulationError";
}

/** How often each invariant was demanded in this process, by number, and how often the witness watched a step. */
export const checks = new Tally<`${number}` | "witness">();

/** @throws SimulationError unless it holds. */
export function demand(invariant: number, holds: boolean, otherwise: () => string): void {
  checks.add(`${invariant}`);
  if (!holds) throw new SimulationError(`invariant ${invariant}: ${otherwise()}`);
}
