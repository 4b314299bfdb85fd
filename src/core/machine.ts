/**
 * The life of an acquisition: the only definition of it, as an XState machine.
 * Facts (lower case) move it. Intents (upper case) only make it emit a command; entering
 * `queued` emits `acquire`. The hot paths run the flat table that `table.ts` makes of it.
 */

import { emit, setup } from "xstate";
import type { AbandonedEvent, ExpiredEvent } from "./event.js";
import { compile } from "./table.js";

/** What drivers tell the machine: facts from the log, intents from the user. */
export type MachineEvent =
  | { type: "granted" }
  | { type: "heartbeat" }
  | { type: "reasserted" }
  | { type: "released" }
  | { type: "expired"; reason: ExpiredEvent["reason"] }
  | { type: "abandoned"; reason: AbandonedEvent["reason"] }
  | { type: "RELEASE" }
  | { type: "CANCEL" };

/** The commands that the machine emits, by type. */
export type MachineCommand = { type: "acquire" } | { type: "release" } | { type: "cancel" };

export type AcquisitionState =
  | "queued"
  | "held"
  | "heartbeating"
  | "released"
  | "expired"
  | "abandoned";

/** How an acquisition ended: the machine's output. */
export interface AcquisitionEnd {
  readonly reason: string | undefined;
}

const reasonOf = ({ event }: { event: MachineEvent }): AcquisitionEnd => ({
  reason: "reason" in event ? event.reason : undefined,
});

/** What can happen to the holder of a slot. */
const whileHolding = {
  heartbeat: "heartbeating",
  reasserted: "held",
  released: "released",
  expired: "expired",
  RELEASE: { actions: "release" },
  CANCEL: { actions: "cancel" },
} as const;

export const acquisitionMachine = setup({
  types: {
    input: {} as { acquisition: string },
    context: {} as { acquisition: string },
    events: {} as MachineEvent,
    emitted: {} as MachineCommand,
    output: {} as AcquisitionEnd,
  },
  actions: {
    acquire: emit({ type: "acquire" }),
    release: emit({ type: "release" }),
    cancel: emit({ type: "cancel" }),
  },
}).createMachine({
  id: "acquisition",
  context: ({ input }) => ({ acquisition: input.acquisition }),
  initial: "queued",
  states: {
    queued: {
      entry: "acquire",
      on: {
        granted: "held",
        reasserted: "held",
        abandoned: "abandoned",
        CANCEL: { actions: "cancel" },
      },
    },
    held: { on: whileHolding },
    heartbeating: { on: whileHolding },
    released: { type: "final", output: reasonOf },
    expired: { type: "final", output: reasonOf },
    abandoned: { type: "final", output: reasonOf },
  },
  // XState types a final state's output as unknown.
  output: ({ event }) => event.output as AcquisitionEnd,
});

/** The machine as a flat table, compiled once. */
export const life = compile(acquisitionMachine);
