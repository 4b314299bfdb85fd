/**
 * What a worker thread and the main thread say to each other over the port between them: commands
 * and questions one way, events and answers the other. Plain data, since it is cloned.
 */

import { MessagePort } from "node:worker_threads";
import type { SessionCommand } from "../../core/command.js";
import type { Event } from "../../core/event.js";
import type { StatsQuery } from "../../core/views.js";
import type { EventQuery, HistoryRange } from "../../ports.js";
import type { TimeReference } from "./remote-clock.js";

/** Another one whenever a message changes its meaning. */
export const PROTOCOL = 2;

const HELLO = "slotstream:hello";

/** A worker's first word, by `postMessageToThread`. It brings the port that all else goes through. */
export interface Hello {
  readonly type: typeof HELLO;
  readonly protocol: number;
  /** Taken out by the copy of slotstream that serves it, so that no other copy does as well. */
  port: MessagePort | undefined;
}

/** What is asked of the log's views. */
export type View =
  | { readonly name: "stats"; readonly query: StatsQuery }
  | { readonly name: "locked" | "holders" | "waiters"; readonly semaphore: string }
  | { readonly name: "events"; readonly query: EventQuery }
  | { readonly name: "entries"; readonly range: Pick<HistoryRange, "from" | "reverse"> }
  | { readonly name: "head" };

export interface Question {
  readonly type: "question";
  readonly id: number;
  readonly view: View;
}

export type ToMainThread = SessionCommand | Question;

/** The worker may speak from now on. */
export interface Welcome extends TimeReference {
  readonly type: "welcome";
}

/** The main thread speaks another protocol, and hangs up. */
export interface Mismatch {
  readonly type: "mismatch";
  readonly protocol: number;
}

/** The log does not know the session any more. What it did not answer, it did not apply. */
export interface Forgotten {
  readonly type: "forgotten";
  readonly session: string;
}

/** `result` is what the view of the question gives. */
export interface Answer {
  readonly type: "answer";
  readonly id: number;
  readonly result: unknown;
}

/** The question could not be answered. */
export interface Failure {
  readonly type: "failure";
  readonly id: number;
  readonly reason: unknown;
}

export type ToWorker = Event | Welcome | Mismatch | Forgotten | Answer | Failure;

export function hello(port: MessagePort): Hello {
  return { type: HELLO, protocol: PROTOCOL, port };
}

/** Whether it is one, and nobody took its port yet. Others may use `postMessageToThread` as well. */
export function isHello(message: unknown): message is Hello & { port: MessagePort } {
  return (
    typeof message === "object" &&
    message !== null &&
    "type" in message &&
    message.type === HELLO &&
    "port" in message &&
    message.port instanceof MessagePort
  );
}
