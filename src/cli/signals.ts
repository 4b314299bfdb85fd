/**
 * Signals that we get are meant for the command as well, so they are passed on. Ctrl-C is not: the
 * terminal sends it to its whole foreground group, so the command has it already, and to many
 * programs a second one means "at once, without cleaning up". Node doesn't tell who sent a signal;
 * so where there is a terminal, SIGINT is taken for Ctrl-C. Whoever means us alone sends SIGTERM.
 */

import { isatty } from "node:tty";
import { Interrupted } from "./complaint.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface ReceivedSignal {
  readonly signal: NodeJS.Signals;
  /** The terminal sent it to the command, too. */
  readonly everybodyHasIt: boolean;
}

/** Until the returned function is called, signals don't end the process but come here. */
export function onSignal(handle: (received: ReceivedSignal) => void): () => void {
  const listener = (signal: NodeJS.Signals) => {
    handle({ signal, everybodyHasIt: signal === "SIGINT" && [0, 1, 2].some(isatty) });
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
}

/**
 * What is done can be ended by a signal, and clean up before the process ends.
 *
 * @throws Interrupted in place of whatever it rejects with then.
 */
export async function interruptibly<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const ending = new AbortController();
  let by: NodeJS.Signals | undefined;
  const stopListening = onSignal(({ signal }) => {
    by ??= signal;
    ending.abort();
  });
  try {
    return await work(ending.signal);
  } catch (error) {
    throw by === undefined ? error : new Interrupted(by);
  } finally {
    stopListening();
  }
}
