/** Listens to the channels of telemetry, as a user would. */

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { onTestFinished } from "vitest";
import type { TelemetryMessages } from "../../src/index.js";

type Name = keyof TelemetryMessages;

/** What is told on this channel, until the test ends. */
export function listen(name: Name): object[] {
  const heard: object[] = [];
  const hear = (message: unknown) => void heard.push(Object(message));
  subscribe(name, hear);
  onTestFinished(() => void unsubscribe(name, hear));
  return heard;
}

/** What is told of acquisitions, until the test ends. */
export function listenToLives() {
  return {
    asked: listen("slotstream:acquisition:asked"),
    granted: listen("slotstream:acquisition:granted"),
    ended: listen("slotstream:acquisition:ended"),
  };
}

/** Whatever it rejects with is of no interest. */
export async function settled(...promises: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(promises);
}
