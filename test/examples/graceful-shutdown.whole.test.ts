/** SIGTERM: no more jobs, those under way end, the slots are given back rather than missed. */

import { expect, test } from "vitest";
import { coordinatorOn, linesOf, startExample, testServer } from "./support.js";

test("jobs under way end, and who waits elsewhere has a slot at once", async () => {
  const server = await testServer();
  const worker = startExample("graceful-shutdown.js", [], server);
  await worker.said(/job 2 begins/);
  const elsewhere = coordinatorOn(server).semaphore({ name: "jobs", value: 2 });
  const both = Promise.all([elsewhere.acquire(), elsewhere.acquire()]);

  worker.child.kill("SIGTERM");
  const lines = linesOf(await worker.ended());

  const begun = lines.filter((line) => line.endsWith("begins")).map((line) => line.split(" ")[1]);
  const done = lines.filter((line) => line.endsWith("is done")).map((line) => line.split(" ")[1]);
  expect(done).toEqual(begun);
  const stopped = lines.indexOf("no more jobs are taken");
  expect(lines.slice(stopped).filter((line) => line.endsWith("begins"))).toEqual([]);
  expect(lines.at(-1)).toBe("closed");

  const slots = await both;
  expect(slots.map(({ slotNumber }) => slotNumber).sort()).toEqual([0, 1]);
  const ends = [];
  for await (const event of elsewhere.history()) {
    if (event.type === "released" || event.type === "expired") ends.push(event.type);
  }
  expect(ends).toEqual(begun.map(() => "released"));
});
