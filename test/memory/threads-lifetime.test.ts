/** The line keeps a worker alive while something is awaited, and no longer. */

import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { Line } from "../../src/memory/threads/line.js";
import { World } from "./threads-world.js";

let keepAlive: MockInstance<Line["keepAlive"]>;

beforeEach(() => {
  keepAlive = vi.spyOn(Line.prototype, "keepAlive");
});

afterEach(() => {
  vi.restoreAllMocks();
});

test("while it waits for a slot, and not while it holds it", async () => {
  const world = new World();
  const worker = world.worker("w");
  const held = await world.main.semaphore({ name: "api", value: 1 }).acquire();
  const waiting = worker.semaphore().acquire();
  await worker.settled();

  expect(keepAlive).toHaveBeenLastCalledWith(true);
  await held.release();
  await waiting;
  expect(keepAlive).toHaveBeenLastCalledWith(false);
});

test("not for who was turned away, or gave up", async () => {
  const world = new World();
  const worker = world.worker("w");
  await world.main.semaphore({ name: "api", value: 1 }).acquire();
  expect(await worker.semaphore().tryAcquire()).toBeNull();
  expect(keepAlive).toHaveBeenLastCalledWith(false);

  const waiting = worker.semaphore().acquire({ maxAcquireTimeMs: 10 });
  await worker.settled();
  world.clock.advance(10);
  await expect(waiting).rejects.toThrow("came free");
  expect(keepAlive).toHaveBeenLastCalledWith(false);
});

test("while a command or a question is not answered", async () => {
  const worker = new World().worker("w");
  const semaphore = worker.semaphore();
  for (const ask of [
    () => semaphore.stats(),
    () => semaphore.resize(2),
    () => semaphore.revoke("nobody's"),
    () => worker.coordinator.close(),
  ]) {
    const asked = ask();
    expect(keepAlive).toHaveBeenLastCalledWith(true);
    await asked;
    expect(keepAlive).toHaveBeenLastCalledWith(false);
  }
});

test("not for a question that could not be sent", async () => {
  const { log } = new World().worker("w");
  const unsendable = { names: [], limit: 1, toString: () => "" };
  await expect(log.stats(unsendable)).rejects.toThrow(/could not be cloned/);
  expect(keepAlive).toHaveBeenLastCalledWith(false);
});

test("not for what its inbox does not ask again", async () => {
  const world = new World();
  const { log } = world.worker("w");
  const forgotten = new Promise<void>((resolve) => {
    log.join("s", { receive: vi.fn(), forgotten: () => resolve(), broken: vi.fn() });
  });
  log.append({ type: "heartbeat", session: "s", number: 1 });
  await forgotten;
  expect(keepAlive).toHaveBeenLastCalledWith(false);
});
