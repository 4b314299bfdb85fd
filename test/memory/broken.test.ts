/** A line that breaks while something is under way: every wait ends. */

import { expect, test } from "vitest";
import type { SessionCommand } from "../../src/core/command.js";
import { BackendUnavailableError } from "../../src/errors.js";
import { LocalLog } from "../../src/memory/local-log.js";
import { SimulatedClock } from "../../src/memory/simulated-clock.js";
import { Session } from "../../src/session/session.js";

/** A log that a release never reaches. */
class LossyLog extends LocalLog {
  override append(command: SessionCommand): void {
    if (command.type !== "release") super.append(command);
  }
}

test("a release that nobody will answer resolves with false", async () => {
  const clock = new SimulatedClock();
  const log = new LossyLog(clock, { events: 100, ageMs: Infinity });
  const session = new Session({ log, views: log, clock, ids: () => "test" });
  const slot = await session.acquire({ semaphore: "api", value: 1, terms: {} });
  const released = [slot.release(), slot.release()];
  session.broken(new BackendUnavailableError("the line broke"));
  expect(await Promise.all(released)).toEqual([false, false]);
});
