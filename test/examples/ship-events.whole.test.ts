/** However often the shipper is killed, each event is shipped once and in order. */

import { appendFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Segments } from "../../examples/ship-events/segments.js";
import type { Event, RedisCoordinator } from "../../src/index.js";
import { type Running, temporaryFolder } from "../cli/support.js";
import { coordinatorOn, startExample, testServer } from "./support.js";

test("killed in the middle, twice, it goes on where it was", async () => {
  const server = await testServer();
  const folder = temporaryFolder();
  const coordinator = coordinatorOn(server);
  const jobs = coordinator.semaphore({ name: "jobs", value: 3 });
  const work = (count: number) =>
    Promise.all(Array.from({ length: count }, () => jobs.use(async () => undefined)));

  for (const count of [400, 300]) {
    const shipper = startExample("ship-events.js", [folder], server);
    await shipper.said(/shipping/);
    const before = linesIn(folder).length;
    const done = work(count);
    await shipped(folder, before + 100);
    await killed(shipper);
    await done;
    // As if it had been killed within a line.
    appendFileSync(join(folder, newestIn(folder)), '{"seq":');
  }

  const shipper = startExample("ship-events.js", [folder], server);
  await work(50);
  const events = await all(coordinator);
  expect(events.length).toBeGreaterThan(2_000);
  await shipped(folder, events.length);
  shipper.child.kill("SIGTERM");
  expect(await shipper.ended()).toMatchObject({ status: 0, stderr: "" });
  expect(linesIn(folder).map((line) => JSON.parse(line))).toEqual(
    (await all(coordinator)).slice(0, linesIn(folder).length),
  );
});

test("a new file begins after 10,000 events, and complete ones may be removed", () => {
  const folder = temporaryFolder();
  const segments = new Segments(folder);
  for (let seq = 1; seq <= 25_000; seq++) segments.append(ticked(seq));
  segments.close();
  const [first = "", second = "", ...newest] = readdirSync(folder).sort();
  expect([second, ...newest]).toEqual([
    "events-0000000000010001.jsonl",
    "events-0000000000020001.jsonl",
  ]);
  rmSync(join(folder, first));
  rmSync(join(folder, second));
  expect(new Segments(folder).lastSeq).toBe(25_000);
});

test("a file whose first line was not finished begins with the event after which it is named", () => {
  const folder = temporaryFolder();
  appendFileSync(join(folder, "events-0000000000000041.jsonl"), '{"seq":41,');
  const segments = new Segments(folder);
  expect(segments.lastSeq).toBe(40);
  segments.append(ticked(41));
  segments.close();
  expect(linesIn(folder)).toEqual([JSON.stringify(ticked(41))]);
});

const ticked = (seq: number): Event => ({ seq, at: seq, type: "ticked" });

async function all(coordinator: RedisCoordinator): Promise<Event[]> {
  const events: Event[] = [];
  for await (const event of coordinator.history()) events.push(event);
  return events;
}

async function killed(running: Running): Promise<void> {
  running.child.kill("SIGKILL");
  await running.ended();
}

/** Resolves once so many lines are there. */
async function shipped(folder: string, count: number): Promise<void> {
  while (linesIn(folder).length < count) await new Promise(setImmediate);
}

function newestIn(folder: string): string {
  return readdirSync(folder).sort().at(-1) ?? "";
}

/** Those that are complete. */
function linesIn(folder: string): string[] {
  const texts = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"));
  return texts.join("").split("\n").slice(0, -1);
}
