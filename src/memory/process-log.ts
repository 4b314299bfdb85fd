/**
 * The log that all semaphores of this process share, unless they opt out. The main thread owns it;
 * in a worker thread it is the way there.
 */

import { isMainThread } from "node:worker_threads";
import type { Retention } from "../ports.js";
import { LocalLog } from "./local-log.js";
import { systemClock } from "./system-clock.js";
import { greetMainThread } from "./threads/line.js";
import { receiveWorkers, type TimedLog } from "./threads/reception.js";
import { monotonicMs, RemoteClock } from "./threads/remote-clock.js";
import { RemoteLog } from "./threads/remote-log.js";

/** What is kept of the history where nothing else is said. */
export const DEFAULT_RETENTION: Retention = { events: 10_000, ageMs: Infinity };

let shared: TimedLog | undefined;

export function processLog(): TimedLog {
  shared ??= isMainThread ? ownLog() : mainThreadsLog();
  return shared;
}

// From the moment that slotstream is loaded: a worker may ask before the main thread has a semaphore.
if (isMainThread) receiveWorkers(processLog);

function ownLog(): TimedLog {
  return { log: new LocalLog(systemClock, DEFAULT_RETENTION), clock: systemClock };
}

function mainThreadsLog(): TimedLog {
  const clock = new RemoteClock(systemClock, monotonicMs);
  return { log: new RemoteLog(greetMainThread, clock), clock };
}
