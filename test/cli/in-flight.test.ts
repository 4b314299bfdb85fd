import { expect, test } from "vitest";
import { InFlight } from "../../src/cli/run/in-flight.js";

test("never more than so many are under way, and all get their turn", async () => {
  const inFlight = new InFlight(3);
  let running = 0;
  let most = 0;
  let ended = 0;
  for (let i = 0; i < 20; i++) {
    await inFlight.add(async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      ended++;
    });
  }
  expect(ended).toBeLessThan(20);
  await inFlight.idle();
  expect({ most, running, ended }).toEqual({ most: 3, running: 0, ended: 20 });
});

test("with nothing under way, it is idle", async () => {
  await new InFlight(1).idle();
});
