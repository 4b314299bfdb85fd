/** `slotstream why`, on a file and on a fleet. */

import { expect, test } from "vitest";
import { RedisCoordinator } from "../../src/index.js";
import { Fleet, withRedis } from "./fleet.js";
import { INCIDENT, TRIMMED, truncated } from "./incident.js";
import { slotstream } from "./support.js";

withRedis();

test("one that waits: who holds, what must happen, when at the latest", async () => {
  const fleet = new Fleet();
  const { url, namespace } = fleet;
  await using coordinator = new RedisCoordinator({ url, namespace });
  const semaphore = coordinator.semaphore({ name: "deploy", value: 1, ttlMs: 3_600_000 });
  const holder = await semaphore.acquire();
  const waiting = semaphore.acquire();
  waiting.catch(() => {});
  await fleet.until("deploy", { held: 1, queued: 1 });
  const [waiter] = await semaphore.waiters();
  const { status, stdout, stderr } = await fleet.run(["why", waiter?.id ?? ""]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const [first, ...rest] = stdout.split("\n");
  expect(first).toMatch(/^\S+ waits for a slot of "deploy", as number 1 in the queue, for /);
  expect(rest.join("\n")).toContain(`held by: slot 0: ${holder.id}, for `);
  expect(rest.join("\n")).toMatch(
    /\nNext: one holder must let go, in (59 min \d+ s|1 h 0 min) at the latest\.\n/,
  );
  const { json } = await fleet.ask("why", waiter?.id ?? "");
  expect(json).toMatchObject({ kind: "waiting", position: 1, next: { what: "release", count: 1 } });
});

test("one that has ended: what led to it", async () => {
  const { status, stdout } = await slotstream(["why", "batch", INCIDENT]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^batch on "cron" was expired \(ttl\) 1 min 9 s ago \(event 307\)\.\n/);
});

test("one as it was at a moment", async () => {
  const args = ["why", "batch", INCIDENT, "--until", "2026-11-23T03:00:50.250Z"];
  expect(await slotstream(args)).toEqual({
    status: 0,
    stdout:
      'batch holds slot 0 of "cron" for 250 ms, with token 1795402850000000.\n' +
      "Its session 1795402800000-web was heard 250 ms ago.\n" +
      "It loses the slot in 450 ms by its ttl.\n",
    stderr: "",
  });
});

test("one of which nothing is known: status 1", async () => {
  expect(await slotstream(["why", "nobody", TRIMMED])).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "slotstream: Nothing is known of nobody from event 121 on, which is how far it is kept.\n",
  });
  const { status, stdout } = await slotstream(["why", "nobody", truncated(), "--json"]);
  expect({ status, json: JSON.parse(stdout) }).toMatchObject({
    status: 1,
    json: { kind: "unknown" },
  });
});
