/** use() over a log that is elsewhere: what was lost before the task ended, as far as was known, and nothing else. */

import { expect, test } from "vitest";
import { SimulatedClock } from "../../src/memory/simulated-clock.js";
import { Coordinator } from "../../src/semaphore/coordinator.js";
import { Link } from "../../src/session/link.js";
import { turn } from "../support/memory-promises.js";
import { noHistory, noViews, settled } from "./client.js";
import { FakeServer } from "./fake-server.js";

async function given({ ttlMs }: { ttlMs?: number } = {}) {
  const clock = new SimulatedClock(5_000_000);
  const server = new FakeServer(clock);
  const link = new Link({ uplink: server, clock, responseTimeoutMs: 5_000 });
  let made = 0;
  const ids = () => `id${++made}`;
  const [views, history] = [noViews, noHistory];
  const coordinator = new Coordinator({ log: link, distant: link, views, history, clock, ids });
  server.up();
  await turn();
  const semaphore = coordinator.semaphore({ name: "api", value: 1, ttlMs });
  return { clock, server, semaphore };
}

test("revoked before the task ended, and known: the loss", async () => {
  const { server, semaphore } = await given();
  const using = semaphore.use(async ({ id }) => {
    server.other({ type: "revoke", acquisition: id, force: false });
    await settled();
    return "done";
  });
  await expect(using).rejects.toMatchObject({ name: "AcquisitionLostError", reason: "revoked" });
});

test.each([false, true])(
  "revoked (force: %s), and not known when the task ended: its result",
  async (force) => {
    const { server, semaphore } = await given();
    let released: Promise<boolean> | undefined;
    const using = semaphore.use(async (slot) => {
      server.keptBack = [];
      server.other({ type: "revoke", acquisition: slot.id, force });
      released = slot.release();
      return slot;
    });
    await settled();
    server.release();
    const slot = await using;
    expect(await released).toBe(false);
    expect(slot.lost).toBeUndefined();
    expect(slot.signal.aborted).toBe(false);
  },
);

test("its TTL ended while it was given back: its result", async () => {
  const { clock, server, semaphore } = await given({ ttlMs: 1_000 });
  const using = semaphore.use(async (slot) => {
    server.leads = false;
    return slot;
  });
  await settled();
  clock.advance(2_000);
  const slot = await using;
  server.leads = true;
  server.decide();
  await settled();
  expect(slot.lost).toBeUndefined();
});

test("its TTL ended before the task did, and no timer could ring: the loss", async () => {
  const { clock, semaphore } = await given({ ttlMs: 1_000 });
  const blocked = clock.now() + 1_000;
  const using = semaphore.use(() => {
    clock.now = () => blocked;
    return "done";
  });
  await expect(using).rejects.toMatchObject({ name: "AcquisitionLostError", reason: "ttl" });
});
