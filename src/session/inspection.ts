/**
 * Lets somebody watch one acquisition as a real XState actor. The actor mirrors what the table
 * decided; it decides nothing. Made only where the `inspect` option asks for it.
 */

import { createActor, type InspectionEvent, type Observer } from "xstate";
import { acquisitionMachine, type MachineEvent } from "../core/machine.js";

/** What the `inspect` option takes: XState's own, so its tools fit. */
export type Inspect = ((event: InspectionEvent) => void) | Observer<InspectionEvent>;

export interface Mirror {
  send(event: MachineEvent): void;
}

export function mirror(acquisition: string, inspect: Inspect): Mirror {
  const actor = createActor(acquisitionMachine, {
    id: acquisition,
    input: { acquisition },
    inspect: harmless(inspect),
  });
  actor.start();
  return { send: (event) => actor.send(event) };
}

/** An observer that throws would wedge the actor, so what it throws is dropped. */
function harmless(inspect: Inspect): (event: InspectionEvent) => void {
  const observe = typeof inspect === "function" ? inspect : inspect.next?.bind(inspect);
  return (event) => {
    try {
      observe?.(event);
    } catch {
      // The observer is the user's; its failure must not become the acquisition's.
    }
  };
}
