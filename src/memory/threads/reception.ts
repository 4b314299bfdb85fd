/**
 * The main thread's ear for workers: whoever says hello, by `postMessageToThread`, gets a host.
 * It neither keeps the process alive nor minds what others say this way.
 */

import type { Clock, CommandLog, History, Views } from "../../ports.js";
import { Host } from "./host.js";
import { type Hello, isHello, PROTOCOL } from "./protocol.js";
import { monotonicMs } from "./remote-clock.js";

/** A log, and the clock that its times are of. */
export interface TimedLog {
  readonly log: CommandLog & Views & History;
  readonly clock: Clock;
}

/** @param shared is asked for when the first worker comes. */
export function receiveWorkers(shared: () => TimedLog): void {
  process.on("workerMessage", (message: unknown) => {
    if (isHello(message)) greet(message, shared);
  });
}

/** Serves the worker, or tells it that they don't understand each other. */
export function greet(hello: Hello, shared: () => TimedLog): void {
  if (hello.protocol === PROTOCOL) {
    serve(hello, shared());
    return;
  }
  // Another copy of slotstream in this thread may understand it; so it gets to hear it first.
  queueMicrotask(() => refuse(hello));
}

function serve(hello: Hello, { log, clock }: TimedLog): void {
  const port = takePort(hello);
  if (port) new Host(port, log, { now: clock.now(), monotonicMs: monotonicMs() });
}

function refuse(hello: Hello): void {
  const port = takePort(hello);
  port?.postMessage({ type: "mismatch", protocol: PROTOCOL });
  port?.close();
}

function takePort(hello: Hello): Hello["port"] {
  const { port } = hello;
  hello.port = undefined;
  return port;
}
