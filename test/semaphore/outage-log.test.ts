/** An outage is told once, however often it is tried, and so is its end. */

import { expect, test } from "vitest";
import { BackendUnavailableError } from "../../src/errors.js";
import { OutageLog } from "../../src/semaphore/outage-log.js";

test("an outage is told once, and its end", () => {
  const said: string[] = [];
  const say = (level: string) => (_details: object, message: string) => {
    said.push(`${level}: ${message}`);
  };
  const outages = new OutageLog({
    debug: say("debug"),
    info: say("info"),
    warn: say("warn"),
    error: say("error"),
  });
  outages.tell(undefined);
  const failure = new BackendUnavailableError("Redis is not available.");
  for (let attempt = 1; attempt <= 3; attempt++) outages.tell(failure);
  outages.tell(undefined);
  outages.tell(failure);
  expect(said).toEqual([
    "warn: Redis is not available.",
    "info: Redis can be reached again",
    "warn: Redis is not available.",
  ]);
});
