/** The `inspect` option feeds Stately's inspector: what its own receiver hears, over a real WebSocket. */

import { once } from "node:events";
import { createServer } from "node:net";
import {
  createWebSocketInspector,
  createWebSocketReceiver,
  type StatelyInspectionEvent,
} from "@statelyai/inspect";
import { createInspectorServer } from "@statelyai/inspect/server";
import { expect, onTestFinished, test } from "vitest";
import { type Coordinator, MemoryCoordinator, RedisCoordinator } from "../../src/index.js";
import { startRedis } from "../support/redis-server.js";

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** An inspector, and all that a receiver on the other side of its server hears. */
async function given() {
  const port = await freePort();
  const server = createInspectorServer({ port, autoOpen: false });
  const inspector = createWebSocketInspector({ url: `ws://localhost:${port}` });
  const heard: StatelyInspectionEvent[] = [];
  let check = () => {};
  createWebSocketReceiver({ server: `ws://localhost:${port}` }).subscribe((event) => {
    heard.push(event);
    check();
  });
  onTestFinished(() => {
    inspector.stop();
    server.stop();
  });
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      check = () => isSo() && resolve();
      check();
    });
  return { inspect: inspector.inspect, heard, until };
}

async function redis(): Promise<Coordinator> {
  const server = await startRedis();
  onTestFinished(() => server[Symbol.asyncDispose]());
  return new RedisCoordinator(server.url);
}

test.each([
  ["in memory", async () => new MemoryCoordinator({ threads: "isolated" })],
  ["on Redis", redis],
])("the actor, the events and the states of an acquisition, %s", async (_mode, make) => {
  const { inspect, heard, until } = await given();
  await using coordinator = await make();
  const semaphore = coordinator.semaphore({ name: "api", value: 1, inspect });
  const slot = await semaphore.acquire();
  await slot.release();

  const states = () =>
    heard.flatMap((event) =>
      event.type === "@xstate.snapshot" ? [Object(event.snapshot).value] : [],
    );
  await until(() => states().includes("released"));

  const [actor] = heard.filter((event) => event.type === "@xstate.actor");
  expect(actor).toMatchObject({ name: slot.id });
  const definition = JSON.parse(actor?.type === "@xstate.actor" ? (actor.definition ?? "") : "");
  expect(Object.keys(definition.states).sort()).toEqual(
    ["queued", "held", "heartbeating", "released", "expired", "abandoned"].sort(),
  );
  const events = heard.flatMap((event) =>
    event.type === "@xstate.event" ? [event.event.type] : [],
  );
  expect(events.filter((type) => !type.startsWith("xstate."))).toEqual([
    "granted",
    "RELEASE",
    "released",
  ]);
  expect(states().filter((state, index, all) => state !== all[index - 1])).toEqual([
    "queued",
    "held",
    "released",
  ]);
  expect(new Set(heard.map(({ sessionId }) => sessionId)).size).toBe(1);
});
