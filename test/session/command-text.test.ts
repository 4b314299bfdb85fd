/** What is written by hand is what JSON.stringify would write. */

import { expect, test } from "vitest";
import type { SessionCommand } from "../../src/core/command.js";
import { CommandTexts } from "../../src/session/command-text.js";

const from = { session: "1-s", number: 7 };
const odd = 'a "b"\\\n\u2028é';

const commands: SessionCommand[] = [
  { ...from, type: "acquire", semaphore: "api", acquisition: "a-1", value: 3, terms: {} },
  {
    ...from,
    type: "acquire",
    semaphore: odd,
    acquisition: odd,
    value: 1,
    terms: { noWait: true, ttlMs: 5, maxQueueSize: undefined, metadata: { [odd]: odd } },
  },
  { ...from, type: "release", acquisition: odd },
  { ...from, type: "cancel", acquisition: odd, reason: "timeout" },
  { ...from, type: "cancel", acquisition: "a", reason: "cancelled" },
  { ...from, type: "heartbeat" },
  { ...from, type: "leave" },
  { ...from, type: "leave", former: undefined },
  { ...from, type: "leave", former: odd },
  {
    ...{ ...from, type: "reassert", semaphore: odd, acquisition: odd, value: 3, slot: 2 },
    ...{ token: 1_900_000_000_000_000, queuedAt: 1, grantedAt: 2, ttlLeftMs: undefined },
    terms: { ttlMs: 5, metadata: { [odd]: odd } },
  },
  {
    ...{ ...from, type: "reassert", semaphore: "s", acquisition: "a", value: 3, slot: 0, token: 1 },
    ...{ queuedAt: 1, grantedAt: 2, ttlLeftMs: 3, terms: {} },
  },
  { ...from, type: "resize", semaphore: odd, value: 2, declared: undefined },
  { ...from, type: "resize", semaphore: odd, value: 2, declared: 4 },
  { ...from, type: "revoke", acquisition: odd, force: false },
];

test.each(commands)("$type", (command) => {
  const { session, number, ...rest } = command;
  expect(new CommandTexts().of(command)).toBe(JSON.stringify(rest));
});

test("terms that are shared, and terms that are not", () => {
  const shared = { ttlMs: 1 };
  const written = new CommandTexts();
  const texts = [shared, shared, { ttlMs: 2 }, shared].map((terms) =>
    written.of({ ...from, type: "acquire", semaphore: "s", acquisition: "a", value: 1, terms }),
  );
  expect(texts.map((text) => JSON.parse(text).terms.ttlMs)).toEqual([1, 1, 2, 1]);
});
