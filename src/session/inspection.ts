/**
 * Lets somebody watch one acquisition as a real XState actor. The actor mirrors what the table
 * decided; it decides nothing. Made only where the `inspect` option asks for it.
 */

import { createActor, type InspectionEvent, type Observer } from "xstate";
import { acquisitionMachine, type MachineEvent } from "../core/machine.js";
import { harmlessly } from "./harmless.js";

/** What the `inspect` option takes: XState's own, so its tools fit. */
export type Inspect = ((event: InspectionEvent) => void) | Observer<InspectionEvent>;

export interface Mirror {
  send(event: MachineEvent): void;
}

/** An observer that throws would wedge the actor, so what it throws is dropped. */
export function mirror(acquisition: string, inspect: Inspect): Mirror {
  const observe = typeof inspect === "function" ? inspect : inspect.next?.bind(inspect);
  const actor = createActor(acquisitionMachine, {
    id: acquisition,
    input: { acquisition },
    inspect: (event) => harmlessly(() => observe?.(event)),
  });
  actor.start();
  return { send: (event) => actor.send(event) };
}
