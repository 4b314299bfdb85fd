/** What becomes of what is under way when a simulated connection ends. What else the simulated Redis does: ports.test.ts. */

import { expect, test } from "vitest";
import { BackendUnavailableError } from "../../src/errors.js";
import { ENTRY } from "../contract/ports/scene.js";
import { Ear } from "../support/port-words.js";
import { Client } from "./process/client.js";
import { Host } from "./process/host.js";
import { SimulatedUplink } from "./process/uplink.js";
import { Random } from "./random.js";
import { SimulatedRedis } from "./redis/server.js";
import { CLEAR, NOBODY } from "./support.js";
import { Timeline } from "./timeline.js";

/** A process that is connected, and its server. */
async function connected() {
  const timeline = new Timeline();
  const redis = new SimulatedRedis(timeline, NOBODY);
  const client = new Client(new Host("p", timeline), redis, CLEAR, new Random(1));
  const [uplink, ear] = [new SimulatedUplink(client), new Ear()];
  uplink.open(ear);
  const pass = (ms: number) => timeline.run(timeline.now + ms);
  await pass(1000);
  return { redis, client, uplink, ear, pass };
}

test("it rejects, and may have happened or not", async () => {
  const happened = new Set<boolean>();
  const { redis, client, uplink, ear, pass } = await connected();
  for (let round = 0; round < 20; round++) {
    const before = redis.data.commands.size;
    const written = uplink.append(ENTRY).catch((error: unknown) => error);
    client.cut("for the test");
    expect(await written).toBeInstanceOf(BackendUnavailableError);
    await pass(4000);
    happened.add(redis.data.commands.size > before);
  }
  expect(happened).toEqual(new Set([true, false]));
  expect([ear.ups.size, ear.downs.size]).toEqual([21, 20]);
});

test("it is lost when the server stops, with what its disk did not have", async () => {
  const { redis, uplink, pass } = await connected();
  const copy = redis.copy();
  const [first, second] = [uplink.append(ENTRY), uplink.append(ENTRY)];
  for (const written of [first, second]) written.catch(() => {});
  await pass(1);
  expect(redis.data.commands.size).toBe(2);
  redis.stop();
  await expect(first).rejects.toThrow(BackendUnavailableError);
  await expect(second).rejects.toThrow(BackendUnavailableError);
  redis.start(copy);
  await pass(1000);
  expect(redis.data.commands.size).toBe(0);
});
