/** The inspector on a real Redis: live, through its outages and losses, and without telling where it is. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Logger, RedisCoordinator } from "../../src/index.js";
import { type RedisConfiguration, type RedisServer, startRedis } from "../support/redis-server.js";
import { ask, exported, inspectorOf, Listener, tokenOf } from "./server-support.js";

const LASTING = { appendonly: "yes", appendfsync: "always" };

async function given(configuration: RedisConfiguration = LASTING) {
  const server = await startRedis(configuration);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const password = String(configuration.requirepass ?? "");
  const url = server.url.replace("//", password === "" ? "//" : `//:${password}@`);
  const coordinator = coordinatorAt(url);
  return { server, url, coordinator, semaphore: coordinator.semaphore({ name: "api", value: 1 }) };
}

/** Closed after the test; its own responses are soon missed. */
function coordinatorAt(url: string, logger?: Logger): RedisCoordinator {
  const coordinator = new RedisCoordinator({
    url,
    responseTimeoutMs: 500,
    failoverPauseMs: 500,
    logger,
  });
  onTestFinished(() => coordinator.close());
  return coordinator;
}

/** Whether it has been told that this one was granted a slot. */
const sawGrant = (id: string) => (listener: Listener) =>
  listener.lines
    .flatMap((line) => JSON.parse(line).events)
    .some(({ type, acquisition }) => type === "granted" && acquisition === id);

async function restartEmpty(server: RedisServer): Promise<void> {
  await server.kill();
  rmSync(join(server.directory, "appendonlydir"), { recursive: true, force: true });
  await server.start();
}

test("shows what happens as it happens, and goes on for who comes back", async () => {
  const { coordinator, semaphore } = await given();
  const inspector = await inspectorOf(coordinator);
  await semaphore.use(async () => {});
  const listener = await Listener.open(inspector);
  await listener.untilSeq(3);
  expect(listener.headers).toMatchObject([
    { namespace: "slotstream", source: "redis", name: "slotstream", live: true, resumed: false },
  ]);
  const slot = await semaphore.acquire();
  await listener.until(sawGrant(slot.id));
  expect((await listener.state()).holders("api")).toMatchObject([{ id: slot.id, slotNumber: 0 }]);
  listener.leave();

  await slot.release();
  const again = await Listener.open(inspector, "/api/history", {
    "Last-Event-ID": listener.lastId,
  });
  await again.until(({ text }) => text.includes('"released"'));
  expect(again.headers).toMatchObject([{ resumed: true }]);
  const [, ...lines] = await exported(coordinator);
  expect([...listener.lines, ...again.lines]).toEqual(
    lines.slice(0, listener.lines.length + again.lines.length),
  );
  expect((await again.state(listener.lines)).holders("api")).toEqual([]);
});

test("tells when Redis cannot be reached, and goes on without a gap when it can", async () => {
  const { server, coordinator, semaphore } = await given();
  await semaphore.use(async () => {});
  const listener = await Listener.open(await inspectorOf(coordinator));
  await listener.untilSeq(3);

  await server.kill();
  await listener.until(() => listener.of("trouble").length > 0);
  expect(listener.of("trouble")[0]?.data[0]).toContain("Redis cannot be reached");
  await server.start();
  await listener.until(() => listener.of("well").length > 0);
  const slot = await semaphore.acquire();
  await listener.until(sawGrant(slot.id));

  expect(listener.headers).toHaveLength(1);
  expect(listener.of("trouble")).toHaveLength(1);
  const [, ...lines] = await exported(coordinator);
  expect(listener.lines).toEqual(lines.slice(0, listener.lines.length));
  expect((await listener.state()).holders("api")).toMatchObject([{ id: slot.id }]);
});

describe("when data was lost", () => {
  test("in a restart, forgets all that it showed, and begins anew", async () => {
    const { server, coordinator, semaphore } = await given();
    for (let time = 0; time < 5; time++) await semaphore.use(async () => {});
    const listener = await Listener.open(await inspectorOf(coordinator));
    await listener.until(({ seqs }) => seqs.length >= 15);
    await restartEmpty(server);
    await listener.until(({ headers }) => headers.length > 1);
    expect(listener.headers.at(-1)).toMatchObject({ resumed: false });

    const slot = await semaphore.acquire();
    await listener.until(sawGrant(slot.id));
    expect(listener.seqs[0]).toBe(1);
    expect((await listener.state()).holders("api")).toMatchObject([{ id: slot.id }]);
  });

  test("while nothing happens, notices it too", async () => {
    const { server, coordinator, semaphore } = await given();
    await semaphore.use(async () => {});
    const reader = coordinatorAt(server.url);
    const listener = await Listener.open(await inspectorOf(reader));
    await listener.untilSeq(3);
    await coordinator.close();
    await server.cli("FLUSHALL");
    await listener.until(({ headers }) => headers.length > 1);
    expect(listener.headers.at(-1)).toMatchObject({ resumed: false, head: { seq: 0 } });
    expect(listener.lines).toEqual([]);
  });
});

test("says nowhere where Redis is, nor the password: in no answer, no header, no line of the log", async () => {
  const password = "correct-horse-battery-staple";
  const { server, url, coordinator, semaphore } = await given({
    ...LASTING,
    requirepass: password,
  });
  const logged: string[] = [];
  const tell = (details: object, message: string) =>
    void logged.push(JSON.stringify([details, message]));
  const logger = { debug: tell, info: tell, warn: tell, error: tell };
  await semaphore.use(async () => {});
  const inspector = await inspectorOf(coordinator, { allowActions: true, logger });
  const token = tokenOf(inspector);
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const listener = await Listener.open(inspector, "/api/history", headers);
  await listener.untilSeq(3);

  const post = (path: string, body: object) =>
    ask(inspector, path, { method: "POST", headers, body: JSON.stringify(body) });
  const answers = [
    await ask(inspector, "/"),
    await ask(inspector, "/nowhere"),
    await ask(inspector, "/api/history"),
    await post("/api/resize", { semaphore: "api", value: 2, by: "Ada" }),
  ];
  await server.kill();
  await listener.until(() => listener.of("trouble").length > 0);
  answers.push(await post("/api/revoke", { id: "x", by: "Ada" }));
  expect(answers.at(-1)).toMatchObject({ status: 503 });
  await server.start();
  await listener.until(() => listener.of("well").length > 0);
  await server.cli("CONFIG", "SET", "requirepass", `${password}-other`);
  await server.cli("-a", `${password}-other`, "CLIENT", "KILL", "TYPE", "normal");
  await listener.until(() => listener.of("trouble").length > 1);

  expect(logged.join()).toContain("cannot read the history");
  const all = [listener.text, ...logged, ...answers.map((answer) => JSON.stringify(answer))].join(
    "\n",
  );
  for (const secret of [password, url, server.url, token]) expect(all).not.toContain(secret);
});
