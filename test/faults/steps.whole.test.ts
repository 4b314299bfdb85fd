/** What ends an acquire at each of its steps: whatever piece of it was on its way, no slot stays lost. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RedisCoordinator } from "../../src/index.js";
import { called, Fleet } from "../support/fleet.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";
import { proxyTo, type TcpProxy } from "../support/tcp-proxy.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

/** So many pieces are sent between the processes and Redis from the start to the release, or more. */
const STEPS = 16;
const steps = Array.from({ length: STEPS }, (_, step) => step);

/** Calls back when so many pieces have come, before the next one goes on. */
function afterPieces(proxy: TcpProxy, count: number, callback: () => void): void {
  let pieces = 0;
  proxy.watch = () => {
    if (pieces++ === count) callback();
  };
}

/** The slot can be had, and nobody else waits for it or holds it. */
async function isFree(fleet: Fleet, coordinator: RedisCoordinator, name: string): Promise<void> {
  await fleet.counts(name, 0, 0);
  const slot = await coordinator.semaphore(called(name)).tryAcquire();
  expect(slot?.slotNumber).toBe(0);
  await slot?.release();
}

describe("an acquire that is aborted (trap 4)", () => {
  test("after any piece on the way, from connecting on, takes no slot with it", async () => {
    const fleet = new Fleet(server);
    const leader = fleet.coordinator();
    for (const step of steps) {
      const proxy = await proxyTo(server);
      const client = fleet.coordinator({ url: proxy.url, reconciler: "external" });
      const controller = new AbortController();
      afterPieces(proxy, step, () => controller.abort(new Error("aborted on purpose")));
      const { signal } = controller;
      const acquired = client.semaphore(called(`s${step}`)).acquire({ signal });
      // An acquire that was faster than the abort has its slot.
      await acquired.then(
        (slot) => slot.release(),
        (error) => expect(error.message).toBe("aborted on purpose"),
      );
      await isFree(fleet, leader, `s${step}`);
    }
  });

  test("while its slot is being given back, takes no slot with it", async () => {
    const fleet = new Fleet(server);
    const leader = fleet.coordinator();
    const proxy = await proxyTo(server);
    const client = fleet.coordinator({ url: proxy.url, reconciler: "external" });
    for (const step of steps.slice(0, 6)) {
      const name = `s${step}`;
      const slot = await leader.semaphore(called(name)).acquire();
      const controller = new AbortController();
      const acquired = client.semaphore(called(name)).acquire({ signal: controller.signal });
      await fleet.counts(name, 1, 1);
      if (step === 0) controller.abort();
      else afterPieces(proxy, step - 1, () => controller.abort());
      const ended = acquired.then((late) => late.release()).catch(() => {});
      await slot.release();
      await ended;
      await isFree(fleet, leader, name);
    }
  });
});

test("a client that is killed after any piece on the way loses no slot (trap 2)", async () => {
  const fleet = new Fleet(server);
  const leader = fleet.coordinator();
  const killed = steps
    .filter((step) => step % 2 === 0)
    .map(async (step) => {
      const proxy = await proxyTo(server);
      const client = await fleet.client({ url: proxy.url });
      afterPieces(proxy, step, () => client.child.kill("SIGKILL"));
      client.acquire(called(`s${step}`));
      await client.ended;
      await isFree(fleet, leader, `s${step}`);
    });
  await Promise.all(killed);
});
