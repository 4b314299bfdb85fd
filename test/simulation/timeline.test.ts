/** A world that goes in circles comes to an end, and says so. */

import { expect, test } from "vitest";
import { SimulationError } from "./failure.js";
import { ProcessClock } from "./process/clock.js";
import { Host } from "./process/host.js";
import { Random } from "./random.js";
import { Timeline } from "./timeline.js";

test("promises that cause one another while no time passes are a failure", async () => {
  const timeline = new Timeline();
  const clock = new ProcessClock(new Host("e0.1", timeline), new Random(1), 0, 1);
  let tries = 0;
  const forEver = async () => {
    while (clock.now() < 10) tries = await Promise.resolve(tries + 1);
  };
  timeline.after(1, () => void forEver().catch(() => undefined));
  const ran = timeline.run(20);
  await expect(ran).rejects.toThrow(SimulationError);
  await expect(ran).rejects.toThrow(/in circles: 100000 looks at a clock, and no time passed/);
  expect(tries).toBeGreaterThan(1000);
});

test("so are things that follow one another at the same moment", async () => {
  const timeline = new Timeline();
  const again = () => {
    timeline.after(0, again);
  };
  again();
  await expect(timeline.run(20)).rejects.toThrow(/200000 things happened within a second/);
});

test("who looks at a clock again and again while time passes may do so for long", async () => {
  const timeline = new Timeline();
  const clock = new ProcessClock(new Host("e0.1", timeline), new Random(1), 0, 1);
  for (let ms = 0; ms < 20; ms++) {
    timeline.after(ms, () => {
      for (let looks = 0; looks < 10_000; looks++) clock.now();
    });
  }
  await expect(timeline.run(20)).resolves.toBeUndefined();
});
