/** A server has one thread. */

import { beforeEach, expect, test } from "vitest";
import { Timeline } from "../timeline.js";
import { Thread } from "./thread.js";

let timeline: Timeline;
let thread: Thread;
let seen: string[];

beforeEach(() => {
  timeline = new Timeline();
  thread = new Thread(timeline);
  seen = [];
});

/** Something that it does, and says that it has done so. */
function work(name: string): void {
  thread.run(() => {
    seen.push(`${name} runs`);
    thread.say(() => seen.push(`${name} is answered`));
  });
}

test("what is quick is done and answered at once", () => {
  work("a");
  expect(seen).toEqual(["a runs", "a is answered"]);
});

test("while something slow runs, everything waits, in its order", async () => {
  thread.slowDown(100);
  work("a");
  work("b");
  await timeline.run(99);
  work("c");
  expect(seen).toEqual(["a runs"]);
  await timeline.run(100);
  expect(seen.slice(1)).toEqual([
    "a is answered",
    "b runs",
    "b is answered",
    "c runs",
    "c is answered",
  ]);
});

test("one of those that waited may be slow as well", async () => {
  thread.slowDown(100);
  work("a");
  thread.slowDown(50);
  work("b");
  work("c");
  await timeline.run(149);
  expect(seen.slice(-2)).toEqual(["a is answered", "b runs"]);
  await timeline.run(150);
  expect(seen.slice(-3)).toEqual(["b is answered", "c runs", "c is answered"]);
});

test("a server that stops finishes nothing", async () => {
  thread.slowDown(100);
  work("a");
  work("b");
  thread.stop();
  await timeline.run(200);
  expect(seen).toEqual(["a runs"]);
  work("c");
  expect(seen.slice(1)).toEqual(["c runs", "c is answered"]);
});
