/** An outage is told once to each logger, however often it is tried, and so is its end. */

import { expect, test } from "vitest";
import { BackendUnavailableError } from "../../src/errors.js";
import { RedisCoordinator, RedisSemaphore } from "../../src/index.js";
import { OutageLog } from "../../src/semaphore/outage-log.js";
import type { Logger } from "../../src/session/logger.js";

function listener(): { readonly said: string[]; readonly logger: Logger } {
  const said: string[] = [];
  const say = (level: string) => (_details: object, message: string) => {
    said.push(`${level}: ${message}`);
  };
  const [debug, info, warn, error] = [say("debug"), say("info"), say("warn"), say("error")];
  return { said, logger: { debug, info, warn, error } };
}

const FAILURE = new BackendUnavailableError("Redis is not available.");
const BEGAN = "warn: Redis is not available.";
const ENDED = "info: Redis can be reached again";

test("an outage is told once, and its end", () => {
  const { said, logger } = listener();
  const outages = new OutageLog(logger);
  outages.tell(undefined);
  for (let attempt = 1; attempt <= 3; attempt++) outages.tell(FAILURE);
  outages.tell(undefined);
  outages.tell(FAILURE);
  expect(said).toEqual([BEGAN, ENDED, BEGAN]);
});

test("all loggers are told, each once, however many semaphores have it", () => {
  const [first, second, third] = [listener(), listener(), listener()];
  const outages = new OutageLog(first.logger);
  for (const { logger } of [second, third, second, first]) outages.add(logger);
  outages.add(undefined);
  outages.tell(FAILURE);
  outages.tell(undefined);
  for (const { said } of [first, second, third]) expect(said).toEqual([BEGAN, ENDED]);
});

test("who comes in the midst of an outage is told at once, and of its end", () => {
  const { said, logger } = listener();
  const outages = new OutageLog(undefined);
  outages.tell(FAILURE);
  for (let semaphore = 1; semaphore <= 3; semaphore++) outages.add(logger);
  expect(said).toEqual([BEGAN]);
  outages.tell(undefined);
  expect(said).toEqual([BEGAN, ENDED]);
});

test("thousands of loggers that live are all told", () => {
  const listeners = Array.from({ length: 3_000 }, listener);
  const outages = new OutageLog(undefined);
  for (const { logger } of listeners) outages.add(logger);
  outages.tell(FAILURE);
  expect(listeners.every(({ said }) => said.length === 1)).toBe(true);
});

test("a semaphore's own logger is told where Redis cannot be reached, once for all its acquires", async () => {
  const shared = listener();
  const [own, other] = [listener(), listener()];
  // Nobody listens there.
  const url = "redis://127.0.0.1:1";
  await using coordinator = new RedisCoordinator({
    url,
    logger: shared.logger,
    responseTimeoutMs: 100,
  });
  const semaphore = new RedisSemaphore({ name: "api", value: 1, coordinator, logger: own.logger });
  coordinator.semaphore({ name: "other", value: 1, logger: other.logger });
  for (let attempt = 1; attempt <= 3; attempt++) {
    await expect(semaphore.tryAcquire()).rejects.toMatchObject({ code: "BACKEND_UNAVAILABLE" });
  }
  for (const { said } of [own, other]) {
    expect(said.filter((line) => line.startsWith("warn"))).toEqual([
      expect.stringContaining("127.0.0.1:1"),
    ]);
  }
  expect(shared.said.filter((line) => line.startsWith("warn")).length).toBe(1);
});
