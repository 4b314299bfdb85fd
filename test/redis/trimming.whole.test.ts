/** A fleet whose history is trimmed while it works. */

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Event } from "../../src/core/event.js";
import { snapshot } from "../../src/core/snapshot.js";
import { State } from "../../src/core/state.js";
import { fold } from "../../src/core/step.js";
import type { RedisCoordinator } from "../../src/index.js";
import { all } from "../contract/backend.js";
import { called, Fleet, until } from "../support/fleet.js";
import { type RedisServer, startRedis } from "../support/redis-server.js";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server[Symbol.asyncDispose]());

const KEPT = 300;

async function uses(coordinator: RedisCoordinator, count: number): Promise<void> {
  const semaphore = coordinator.semaphore(called("api", 2));
  for (let i = 0; i < count; i++) {
    await Promise.all([1, 2, 3].map(() => semaphore.use(() => {})));
  }
}

/** All that happens, also what is not kept for long. */
function watched({ observer }: Fleet): Event[] {
  const events: Event[] = [];
  const controller = new AbortController();
  const watching = (async () => {
    const { signal } = controller;
    for await (const event of observer.watch({ after: 0, signal })) events.push(event);
  })();
  onTestFinished(async () => {
    controller.abort();
    await watching;
  });
  return events;
}

test("it verifies, and says what all events say, also when another one leads", async () => {
  const fleet = new Fleet(server);
  const { observer } = fleet;
  const first = fleet.coordinator({ historyRetention: KEPT });
  await uses(first, 1);
  const events = watched(fleet);
  const second = fleet.coordinator({ historyRetention: { events: KEPT, ageMs: 3_600_000 } });
  for (const coordinator of [first, second]) {
    for (let round = 0; round < 8; round++) {
      await Promise.all([uses(coordinator, 8), uses(second, 8)]);
      // Who watches must not fall behind by more than is kept.
      const { seq } = await observer.replay();
      await until(() => expect(events.length).toBeGreaterThanOrEqual(seq));
    }
    expect(await observer.verify()).toMatchObject({ ok: true, trimmed: true });
    const then = await observer.replay();
    await until(() => expect(events.length).toBeGreaterThanOrEqual(then.seq));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    const folded = fold(new State(), events.slice(0, then.seq));
    expect(then.state).toEqual(snapshot(folded));
    const kept = (await all(observer.history())).length;
    expect(kept).toBeGreaterThanOrEqual(KEPT);
    expect(kept).toBeLessThanOrEqual(2 * KEPT);
    if (coordinator === first) await first.close();
  }
});

test("with 5,000 that wait, each checkpoint is a megabyte, and the leader keeps its lease", async () => {
  const fleet = new Fleet(server, { failoverPauseMs: 20_000 });
  const leader = fleet.coordinator({ historyRetention: 500 });
  await uses(leader, 1);
  const epoch = await server.cli("HGET", fleet.key("meta"), "epoch");
  const client = fleet.coordinator({ reconciler: "external" });
  const semaphore = client.semaphore({ name: "crowded", value: 1, metadata: { job: "import" } });
  const controller = new AbortController();
  const { signal } = controller;
  const waits = Array.from({ length: 5_000 }, () => semaphore.acquire({ signal }).catch(() => {}));
  await fleet.counts("crowded", 1, 4_999);
  await until(async () => {
    await uses(leader, 20);
    const entries = await server.cli("XREVRANGE", fleet.key("history"), "+", "-");
    expect(/^state\n.{1000000}/m.test(entries)).toBe(true);
  });
  expect(await server.cli("HGET", fleet.key("meta"), "epoch")).toBe(epoch);
  expect(await fleet.observer.verify()).toMatchObject({ ok: true, trimmed: true });
  controller.abort();
  await Promise.all(waits);
}, 120_000);
