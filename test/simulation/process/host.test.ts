/** A process is struck in the middle of what it does. */

import { expect, test } from "vitest";
import { Timeline } from "../timeline.js";
import { Host } from "./host.js";

async function awaiting(seen: string[]): Promise<void> {
  for (const step of ["one", "two", "three", "four"]) {
    seen.push(step);
    await undefined;
  }
}

test.each([
  [0, ["one", "struck"]],
  [2, ["one", "two", "three", "struck"]],
])("after %i awaits of an action", async (awaits, expected) => {
  const timeline = new Timeline();
  const host = new Host("p", timeline);
  const seen: string[] = [];
  host.ambush(2, awaits, () => seen.push("struck"));
  timeline.at(1, () => host.ring(() => {}));
  timeline.at(2, () => host.deliver(() => void awaiting(seen)));
  await timeline.run(10);
  expect(seen.slice(0, expected.length)).toEqual(expected);
  expect(seen).toHaveLength(5);
});

test("what a process does while it stands still does not count", async () => {
  const timeline = new Timeline();
  const host = new Host("p", timeline);
  const seen: string[] = [];
  host.ambush(1, 0, () => seen.push("struck"));
  host.pause();
  host.ring(() => seen.push("rung"));
  expect(seen).toEqual([]);
  host.resume();
  await timeline.run(1);
  expect(seen).toEqual(["rung", "struck"]);
});
